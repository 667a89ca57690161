import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ConfigError, loadConfig, parseConfig, parseServer } from "./config.ts";
import type { DatabaseEntry } from "./databases/settings.ts";

test("defaults", () => {
  const config = parseConfig("");
  expect(config).toMatchObject({
    stateDir: "/var/lib/fairlead-agent",
    readOnly: false,
    docker: {},
    composeFiles: "warn",
    spool: { maxBytes: 268435456, maxAgeHours: 168 },
    logLevel: "info",
  });
  expect(config.allow).toContain("container.update");
});

test("variables win over the file", () => {
  const env = {
    FAIRLEAD_AGENT_SERVER: "b:2",
    FAIRLEAD_AGENT_READ_ONLY: "1",
    FAIRLEAD_AGENT_ALLOW: "agent.ping, host.refresh",
    FAIRLEAD_AGENT_SPOOL_MAX_BYTES: "2MiB",
    FAIRLEAD_AGENT_LABELS: "rack=r1,tier=web",
    FAIRLEAD_AGENT_DOCKER_SOCKET: "",
    FAIRLEAD_AGENT_COMPOSE_FILES: "labelled",
  };
  const config = parseConfig("server: a:1\nspool: {maxAgeHours: 2}\ndocker: {socket: /x}", env);
  expect(config).toMatchObject({
    server: "b:2",
    readOnly: true,
    allow: ["agent.ping", "host.refresh"],
    spool: { maxBytes: 2097152, maxAgeHours: 2 },
    labels: { rack: "r1", tier: "web" },
    docker: { socket: "/x" },
    composeFiles: "labelled",
  });
});

const wrong: [text: string, env: Record<string, string>, message: string][] = [
  ["server: example", {}, 'config: server: "example": give host:port, like "monitor.example.net:8443"'],
  ["servr: a:1", {}, "config: servr: unknown key: remove it or mend its spelling"],
  ["spool: {maxbytes: 1}", {}, "config: spool.maxbytes: unknown key: remove it or mend its spelling"],
  ["spool: {maxBytes: 10}", {}, 'config: spool.maxBytes: 10: give 1 MiB to 1 TiB, as bytes or like "256MiB"'],
  ["allow: [shell]", {}, 'config: allow.0: "shell": give a list out of agent.ping, '],
  ["", { FAIRLEAD_AGENT_READ_ONLY: "maybe" }, 'FAIRLEAD_AGENT_READ_ONLY: "maybe": give true or false'],
  ["", { FAIRLEAD_AGENT_LABELS: "novalue" }, 'FAIRLEAD_AGENT_LABELS: "novalue": give a mapping of names'],
  ["labels: {x: 1}", {}, "config: labels.x: 1: give a mapping of names"],
  ["a: [", {}, "config: not YAML: "],
  ["composeFiles: yes", {}, 'config: composeFiles: "yes": give edit, labelled, warn or ignore'],
  ["databases: {engine: redis}", {}, 'config: databases: {"engine":"redis"}: give a list of {engine, '],
  ["databases: [{engine: oracle}]", {}, 'config: databases.0.engine: "oracle": give one of postgresql, mysql, '],
  ["databases: [{engine: redis, port: 0}]", {}, "config: databases.0.port: 0: give a port, 1 to 65535"],
  ["databases: [{engine: redis, prt: 1}]", {}, "config: databases.0.prt: unknown key: remove it or mend its spelling"],
  [
    "databases: [{engine: redis, host: a, socket: /b, password: hidden7}]",
    {},
    'config: databases.0: {"engine":"redis","host":"a","socket":"/b","password":"***"}: give one of host, socket and',
  ],
  ["databases: [{engine: redis, tls: {mode: on}}]", {}, 'config: databases.0.tls.mode: "on": give one of disable, '],
  ["databases: [{engine: redis, password: 123}]", {}, "config: databases.0.password: ***: give a text in quotes, or a"],
  ["databaseProbes: {timeoutSeconds: 0}", {}, "config: databaseProbes.timeoutSeconds: 0: give seconds, 1 to 60"],
  ["- 1", {}, "config: [1]: give a mapping"],
  ["runtimes: {name: a}", {}, 'config: runtimes: {"name":"a"}: give a list of at most 20 of {name, type, socket}'],
  [
    "runtimes: [{name: a/b, type: docker, socket: /x}]",
    {},
    'config: runtimes.0.name: "a/b": give a name of small letters, digits and "-", like podman-ci',
  ],
  [
    "runtimes: [{name: a, type: containerd, socket: /x}]",
    {},
    'config: runtimes.0.type: "containerd": give docker or podman',
  ],
  [
    "runtimes: [{name: a, type: docker, socket: tcp://x}]",
    {},
    'config: runtimes.0.socket: "tcp://x": give the absolute path of the engine\'s socket',
  ],
  [
    "runtimes: [{name: a, type: docker, socket: /x}, {name: a, type: podman, socket: unix:///y}]",
    {},
    "each name once; without it they are found",
  ],
  [
    "drives: {ignore: [sdb]}",
    {},
    'config: drives.ignore.0: "sdb": give a list of devices, like /dev/sdb or /dev/disk/by-id/...',
  ],
  [
    "drives: {devices: [{device: /dev/sda, type: --exec}]}",
    {},
    'config: drives.devices.0.type: "--exec": give a list of {device: /dev/sda, type: "sat"}; types as smartctl -d takes them',
  ],
];
test.each(wrong)("%j with %j is refused with key, value, remedy", (text, env, message) => {
  const attempt = () => parseConfig(text, env);
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(message);
});

test.each(["databases: [{password: hidden7", 'password: "hidden7', "databases: [{password: *hidden7}]"])(
  "what is not YAML is not shown: %s",
  (text) => {
    expect(() => parseConfig(text)).toThrow(ConfigError);
    expect(() => parseConfig(text)).not.toThrow(/hidden7/);
  },
);

test("a file that others can read keeps no password", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "agent.yaml");
  writeFileSync(file, "databases: [{engine: redis, password: hidden7}, {engine: minio}]", { mode: 0o600 });
  expect(loadConfig(file, {}).databases).toMatchObject([{ engine: "redis", password: "hidden7" }, { engine: "minio" }]);
  chmodSync(file, 0o640);
  const [open, other] = loadConfig(file, {}).databases as DatabaseEntry[];
  expect(open).not.toHaveProperty("password");
  expect(open?.problem).toBe(`${file} can be read by others (mode 0640), its password is not used: chmod 600 ${file}`);
  expect(other).not.toHaveProperty("problem");
});

test("a file asked for by path must be there", () => {
  expect(() => loadConfig("/nowhere/x.yaml", {})).toThrow(
    "config file /nowhere/x.yaml: does not exist: check --config",
  );
});

test.each([
  ["a.example:8443", { host: "a.example", port: 8443 }],
  ["10.0.0.1:1", { host: "10.0.0.1", port: 1 }],
  ["[::1]:9", { host: "::1", port: 9 }],
  ["a:0", undefined],
  ["a:65536", undefined],
  ["https://a:1", undefined],
  ["::1:9", undefined],
])("server %s", (text, expected) => expect(parseServer(text)).toEqual(expected));

import { expect, test } from "vitest";
import { ConfigError, loadConfig, parseConfig, parseServer } from "./config.ts";

test("defaults", () => {
  const config = parseConfig("");
  expect(config).toMatchObject({
    stateDir: "/var/lib/fairlead-agent",
    readOnly: false,
    docker: {},
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
  };
  const config = parseConfig("server: a:1\nspool: {maxAgeHours: 2}\ndocker: {socket: /x}", env);
  expect(config).toMatchObject({
    server: "b:2",
    readOnly: true,
    allow: ["agent.ping", "host.refresh"],
    spool: { maxBytes: 2097152, maxAgeHours: 2 },
    labels: { rack: "r1", tier: "web" },
    docker: { socket: "/x" },
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
  ["- 1", {}, "config: [1]: give a mapping"],
];
test.each(wrong)("%j with %j is refused with key, value, remedy", (text, env, message) => {
  const attempt = () => parseConfig(text, env);
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(message);
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

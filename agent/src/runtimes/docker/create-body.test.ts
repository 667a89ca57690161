import { describe, expect, test } from "vitest";
import { atLeast, createBody } from "./create-body.ts";
import type { EngineConfig, EngineContainer, EngineHostConfig } from "./engine-types.ts";

const id = "0123456789abcdef".repeat(4);
const short = id.slice(0, 12);

function container(
  config: EngineConfig,
  host: EngineHostConfig,
  more: Pick<EngineContainer, "Mounts" | "NetworkSettings"> = {},
): EngineContainer {
  return { Id: id, Name: "/web", Image: "sha256:old", State: {}, Config: config, HostConfig: host, ...more };
}

function made(old: EngineContainer, apiVersion = "1.41", image: EngineConfig = {}) {
  const daemon = { apiVersion, runtime: "runc", logDriver: "json-file" };
  const { create, networks } = createBody(old, { Id: "sha256:old", Config: image }, "app:2", "sha256:new", daemon);
  const { HostConfig, NetworkingConfig, ...config } = create;
  const { EndpointsConfig } = NetworkingConfig as { EndpointsConfig: Record<string, unknown> };
  return { config, host: HostConfig as EngineHostConfig, endpoints: EndpointsConfig, networks };
}

describe("settings", () => {
  test("the image is replaced, the injected hostname dropped, Compose told of the new image", () => {
    const labels = { "com.docker.compose.image": "sha256:old", "com.docker.compose.config-hash": "h" };
    const { config } = made(container({ Image: "app:1", Hostname: short, Labels: labels, Tty: true }, {}));
    expect(config).toMatchObject({ Image: "app:2", Tty: true });
    expect(config).not.toHaveProperty("Hostname");
    expect(config.Labels).toEqual({ "com.docker.compose.image": "sha256:new", "com.docker.compose.config-hash": "h" });
    expect(made(container({ Hostname: "own" }, {})).config.Hostname).toBe("own");
  });

  test("a published port stays exposed though the old image exposed it too", () => {
    const old = container(
      { ExposedPorts: { "80/tcp": {}, "81/tcp": {} } },
      { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } },
    );
    const { config } = made(old, "1.41", { ExposedPorts: { "80/tcp": {}, "81/tcp": {} } });
    expect(config.ExposedPorts).toEqual({ "80/tcp": {} });
  });

  test("daemon defaults are left to the daemon, what differs stays", () => {
    const masked = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"];
    const readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
    const log = { Type: "json-file", Config: {} };
    const plain = made(
      container({}, { Runtime: "runc", LogConfig: log, MaskedPaths: masked, ReadonlyPaths: readOnly }),
    ).host;
    for (const field of ["Runtime", "LogConfig", "MaskedPaths", "ReadonlyPaths"])
      expect(plain).not.toHaveProperty(field);
    const own = {
      Runtime: "kata",
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
      MaskedPaths: [],
      ReadonlyPaths: [],
    };
    expect(made(container({}, own)).host).toMatchObject(own);
  });

  test("links come back as arguments", () => {
    expect(made(container({}, { Links: ["/db:/web/database"] })).host.Links).toEqual(["db:database"]);
  });
});

test("every volume is taken along by name, anonymous ones too, and none is declared twice", () => {
  const { config, host } = made(
    container(
      { Volumes: { "/anon": {}, "/tmpfs": {}, "/bound": {}, "/free": {} } },
      {
        Binds: ["/srv/x:/bound", "named:/named:ro"],
        Tmpfs: { "/tmpfs": "" },
        Mounts: [
          { Type: "volume", Source: "given", Target: "/given" },
          { Type: "volume", Target: "/unnamed/" },
        ],
      },
      {
        Mounts: [
          { Type: "bind", Source: "/srv/x", Destination: "/bound", RW: true },
          { Type: "volume", Name: "named", Destination: "/named", RW: false },
          { Type: "volume", Name: "given", Destination: "/given", RW: true },
          { Type: "volume", Name: "f00", Destination: "/anon", RW: true },
          { Type: "volume", Name: "f01", Destination: "/unnamed", RW: false },
        ],
      },
    ),
  );
  expect(host.Binds).toEqual(["/srv/x:/bound", "named:/named:ro", "f00:/anon"]);
  expect(host.Mounts).toEqual([
    { Type: "volume", Source: "given", Target: "/given" },
    { Type: "volume", Source: "f01", Target: "/unnamed/" },
  ]);
  expect(config.Volumes).toEqual({ "/free": {} });
});

describe("networks", () => {
  const endpoint = {
    IPAMConfig: { IPv4Address: "10.0.0.9" },
    IPAddress: "10.0.0.9",
    Aliases: [short, "www", "own"],
    MacAddress: "02:42:0a:00:00:09",
    NetworkID: "abcdef0123456789",
  };
  const kept = { IPAMConfig: { IPv4Address: "10.0.0.9" }, Aliases: ["www", "own"] };
  const two = { front: endpoint, back: { NetworkID: "b", IPAddress: "10.1.0.2" } };
  const old = (config: EngineConfig = {}) =>
    container(config, { NetworkMode: "front" }, { NetworkSettings: { Networks: two } });

  test("below API 1.44 one at creation and the others after it, from 1.44 on all at creation", () => {
    expect(made(old(), "1.43")).toMatchObject({
      endpoints: { front: kept },
      networks: [{ name: "back", endpoint: {} }],
    });
    expect(Object.keys(made(old(), "1.43").endpoints)).toEqual(["front"]);
    expect(made(old(), "1.44").endpoints).toEqual({ front: kept, back: {} });
    expect(made(old(), "1.44").networks).toEqual([]);
  });

  test.for<[api: string, container: string | undefined, endpoint: string | undefined]>([
    ["1.43", "02:00:00:00:00:01", undefined],
    ["1.44", "02:00:00:00:00:01", "02:00:00:00:00:01"],
    ["1.52", undefined, "02:00:00:00:00:01"],
  ])("a MAC address that the user set, API %s", ([api, ofContainer, ofEndpoint]) => {
    const { config, endpoints } = made(old({ MacAddress: "02:00:00:00:00:01" }), api);
    expect(config.MacAddress).toBe(ofContainer);
    expect((endpoints.front as { MacAddress?: string }).MacAddress).toBe(ofEndpoint);
  });

  test.for<[mode: string | undefined, made: string, endpoints: string[]]>([
    [undefined, "bridge", ["front", "back"]],
    ["default", "bridge", ["front", "back"]],
    ["abcdef012345", "front", ["front", "back"]],
    ["host", "host", []],
    ["none", "none", []],
  ])("network mode %s", ([mode, wanted, names]) => {
    const host: EngineHostConfig = mode === undefined ? {} : { NetworkMode: mode };
    const all = made(container({}, host, { NetworkSettings: { Networks: two } }), "1.44");
    expect([all.host.NetworkMode, Object.keys(all.endpoints)]).toEqual([wanted, names]);
  });

  test("the default bridge takes no aliases", () => {
    const bridge = { bridge: { Aliases: ["x"], NetworkID: "n" } };
    const { endpoints } = made(container({}, { NetworkMode: "default" }, { NetworkSettings: { Networks: bridge } }));
    expect(endpoints).toEqual({ bridge: {} });
  });
});

test.for<[a: string, b: string, is: boolean]>([
  ["1.41", "1.41", true],
  ["1.9", "1.41", false],
  ["1.100", "1.44", true],
  ["2.0", "1.51", true],
])("API %s is at least %s: %s", ([a, b, is]) => {
  expect(atLeast(a, b)).toBe(is);
});

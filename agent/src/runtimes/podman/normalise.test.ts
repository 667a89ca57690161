import { describe, expect, test } from "vitest";
import type { EngineContainer, EngineImage } from "../docker/engine-types.ts";
import { familiar, forRecreation, imageId, imageLikeDocker, likeDocker, lostOptions, qualified } from "./normalise.ts";

const id = "ab".repeat(32);

test.for([
  ["docker.io/library/nginx:1", "nginx:1"],
  ["docker.io/grafana/grafana:9", "grafana/grafana:9"],
  [`docker.io/library/nginx@sha256:${id}`, `nginx@sha256:${id}`],
  ["localhost/app:1", "localhost/app:1"],
  ["quay.io/a/b:1", "quay.io/a/b:1"],
  ["<none>:<none>", "<none>:<none>"],
  ["docker.io/NOT A NAME", "docker.io/NOT A NAME"],
] as const)("%s is called %s", ([name, called]) => {
  expect(familiar(name)).toBe(called);
});

test.for([
  ["nginx:1", "docker.io/library/nginx:1"],
  ["nginx", "docker.io/library/nginx"],
  ["grafana/grafana", "docker.io/grafana/grafana"],
  ["localhost/app:1", "localhost/app:1"],
  ["127.0.0.1:5000/app:1", "127.0.0.1:5000/app:1"],
  [id, id],
  [`sha256:${id}`, `sha256:${id}`],
  [id.slice(0, 12), id.slice(0, 12)],
  ["!", "!"],
] as const)("%s is asked for as %s", ([name, asked]) => {
  expect(qualified(name)).toBe(asked);
});

function container(more: Partial<EngineContainer> = {}): EngineContainer {
  return { Id: id, Name: "web", Image: id, State: {}, Config: { Hostname: id.slice(0, 12) }, HostConfig: {}, ...more };
}

test.for([
  ["configured", "created"],
  ["initialized", "created"],
  ["stopped", "exited"],
  ["stopping", "running"],
  ["running", "running"],
] as const)("the state %s is %s", ([word, state]) => {
  expect(likeDocker(container({ State: { Status: word } })).State.Status).toBe(state);
});

test("names, ids and health of older versions", () => {
  const state = { Status: "running", Healthcheck: { Status: "healthy" } } as EngineContainer["State"];
  const found = likeDocker(container({ State: state, Config: { Image: "docker.io/library/nginx:1" } }));
  expect(found).toMatchObject({
    Name: "/web",
    Image: `sha256:${id}`,
    State: { Health: { Status: "healthy" } },
    Config: { Image: "nginx:1" },
  });
  expect(imageId(`sha256:${id}`)).toBe(`sha256:${id}`);
  expect(imageLikeDocker({ Id: id, RepoDigests: null, Config: { StopSignal: "3" } })).toMatchObject({
    Id: `sha256:${id}`,
    RepoDigests: [],
    Config: { StopSignal: "SIGQUIT" },
  });
});

describe("what the user asked for", () => {
  const image: EngineImage = { Id: id, Config: { Env: ["KEEP=1"] } };
  const of = (raw: Partial<EngineContainer>, on: EngineImage = image, extra = {}) =>
    forRecreation(container(raw), on, extra);

  test("the engine's own environment is left out, the same words of image or user are not", () => {
    const Env = [
      "container=podman",
      "TERM=xterm",
      `HOSTNAME=${id.slice(0, 12)}`,
      "HOSTNAME=mine",
      "PATH=/bin",
      "KEEP=1",
    ];
    expect(of({ Config: { Env, Hostname: id.slice(0, 12) } }).Config.Env).toEqual([
      "HOSTNAME=mine",
      "PATH=/bin",
      "KEEP=1",
    ]);
    const own = { Id: id, Config: { Env: ["TERM=xterm"] } };
    expect(of({ Config: { Env } }, own).Config.Env).toContain("TERM=xterm");
  });

  test.for([
    ["15", undefined, undefined],
    ["15", "SIGTERM", "SIGTERM"],
    ["3", undefined, "SIGQUIT"],
    ["64", undefined, "64"],
  ] as const)("stop signal %s with the image's %s is %s", ([signal, theirs, wanted]) => {
    const on = { Id: id, Config: theirs === undefined ? {} : { StopSignal: theirs } };
    expect(of({ Config: { StopSignal: signal } }, on).Config.StopSignal).toBe(wanted);
  });

  test("an entrypoint that was taken away, a check with filled in parts", () => {
    expect(of({ Config: { Entrypoint: [] } }).Config.Entrypoint).toBeNull();
    const on: EngineImage = {
      Id: id,
      Config: { Entrypoint: ["/x"], Healthcheck: { Test: ["CMD", "x"], Interval: 1e9 } },
    };
    const Healthcheck = { Test: ["CMD", "x"], Interval: 1e9, Timeout: 30e9, Retries: 3, StartPeriod: 0 };
    const { Config } = of({ Config: { Entrypoint: [], Healthcheck } }, on);
    expect(Config).toMatchObject({ Entrypoint: [""], Healthcheck: { Test: ["CMD", "x"], Interval: 1e9 } });
    expect(Config.Healthcheck).not.toHaveProperty("Timeout");
  });

  test("what create would refuse", () => {
    const HostConfig = {
      Runtime: "oci",
      MemorySwappiness: -1,
      NanoCpus: 5e8,
      CpuQuota: 50_000,
      RestartPolicy: { Name: "" },
      Ulimits: [{ Name: "RLIMIT_NOFILE", Soft: 1, Hard: 2 }],
      PortBindings: { "80/tcp": null, "90/tcp": [{ HostPort: "9" }] },
    };
    const made = of({ HostConfig }, image, { Config: { Annotations: { "io.podman.annotations.init": "TRUE" } } });
    expect(made.HostConfig).toEqual({
      CpuQuota: 50_000,
      RestartPolicy: { Name: "no" },
      Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
      PortBindings: { "90/tcp": [{ HostPort: "9" }] },
      Init: true,
    });
  });

  const service = ["podman", "system", "service", "--time=0"];
  test.for([
    ["through the API", service, true],
    ["with an address", ["podman", "run", "--ip", "10.0.0.9", "x"], true],
    ["with one of a network", ["podman", "run", "--network", "lan:ip=10.0.0.9", "x"], true],
    ["without", ["podman", "run", "--network", "lan", "x"], false],
  ] as const)("addresses of one made %s", ([, CreateCommand, keeps]) => {
    const Networks = { lan: { IPAddress: "10.0.0.9" }, podman: { IPAddress: "10.88.0.2" } };
    const raw = { NetworkSettings: { Networks } } as Partial<EngineContainer>;
    const made = of(raw, image, { Config: { CreateCommand: [...CreateCommand] } }).NetworkSettings?.Networks;
    expect(made?.lan?.IPAMConfig).toEqual(keeps ? { IPv4Address: "10.0.0.9" } : undefined);
    expect(made?.podman?.IPAMConfig).toBeUndefined();
  });
});

test.for([
  [
    ["podman", "run", "--sysctl", "a=b", "--userns=keep-id", "app"],
    ["--sysctl", "--userns"],
  ],
  [["podman", "run", "-d", "--name", "x", "app"], []],
  [["podman", "--cgroups=no", "system", "service"], []],
  [undefined, []],
] as const)("options that the API would lose: %j", ([words, lost]) => {
  expect(lostOptions(words === undefined ? {} : { Config: { CreateCommand: [...words] } }, {})).toEqual(lost);
});

test.for([
  [{}, ["--requires"]],
  [{ NetworkMode: `container:${id}` }, []],
  [{ PidMode: `container:${id}`, NetworkMode: "none" }, []],
] as const)("what it requires beside what it shares would be lost: %j", ([host, lost]) => {
  expect(lostOptions({ Dependencies: [id] }, host)).toEqual(lost);
});

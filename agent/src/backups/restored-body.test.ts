import { expect, test } from "vitest";
import { restoredBody } from "./restored-body.ts";

const plan = {
  create: {
    Image: "app:1",
    MacAddress: "02:00:00:00:00:01",
    Labels: { "com.docker.compose.project": "p", mine: "yes" },
    HostConfig: {
      Binds: ["data:/data:ro", "/srv/x:/x", "other:/other"],
      Mounts: [{ Type: "volume", Source: "data", Target: "/d", VolumeOptions: { Labels: {} } }],
      PortBindings: { "80/tcp": [{ HostPort: "8080" }, { HostPort: "8081" }], "53/udp": [{ HostPort: "8080" }] },
    },
    NetworkingConfig: { EndpointsConfig: { front: { Aliases: ["db"], IPAMConfig: { IPv4Address: "10.0.0.5" } } } },
  },
  networks: [{ name: "back", endpoint: { Aliases: ["db"] } }],
};
const names = { volumes: new Map([["data", "data-new"]]), binds: new Map([["/srv/x", "/srv/x-new"]]) };

test("in place only volumes and folders get other names", () => {
  const made = restoredBody(plan, { ...names, copy: false, takenPorts: new Set(["tcp/8080"]) });
  expect(made.notes).toEqual([]);
  expect(made.plan).toEqual({
    ...plan,
    create: {
      ...plan.create,
      HostConfig: {
        ...plan.create.HostConfig,
        Binds: ["data-new:/data:ro", "/srv/x-new:/x", "other:/other"],
        Mounts: [{ Type: "volume", Source: "data-new", Target: "/d" }],
      },
    },
  });
});

test("a copy leaves out what can only be there once", () => {
  const { plan: made, notes } = restoredBody(plan, { ...names, copy: true, takenPorts: new Set(["tcp/8080"]) });
  expect(made.create).toMatchObject({ Labels: { mine: "yes" }, NetworkingConfig: { EndpointsConfig: { front: {} } } });
  expect(made.create).not.toHaveProperty("MacAddress");
  expect((made.create.HostConfig as Record<string, unknown>).PortBindings).toEqual({
    "80/tcp": [{ HostPort: "8081" }],
    "53/udp": [{ HostPort: "8080" }],
  });
  expect(made.networks).toEqual([{ name: "back", endpoint: {} }]);
  expect(notes).toHaveLength(4);
});

import { expect, test } from "vitest";
import { describeContainer } from "./describe.ts";
import type { EngineContainer } from "./engine-types.ts";

const raw: EngineContainer = { Id: "1", Name: "/db", Image: "sha256:1", State: {}, Config: {}, HostConfig: {} };
const layer = "/var/lib/docker/overlay2/ab/diff";

test.each<[string, Partial<EngineContainer>, [source: string, destination: string][]]>([
  ["nothing told", {}, []],
  [
    "a bind mount, a volume and the writable layer",
    {
      Mounts: [
        { Type: "bind", Source: "/srv/db", Destination: "/data" },
        { Type: "volume", Name: "log", Source: "/var/lib/docker/volumes/log/_data", Destination: "/log" },
        { Type: "tmpfs", Source: "", Destination: "/run" },
      ],
      GraphDriver: { Name: "overlay2", Data: { UpperDir: layer, LowerDir: "/x:/y" } },
      HostsPath: "/var/lib/docker/containers/1/hosts",
    },
    [
      [layer, "/"],
      ["/srv/db", "/data"],
      ["/var/lib/docker/volumes/log/_data", "/log"],
    ],
  ],
  [
    "containerd's image store tells no layer",
    { GraphDriver: null, HostsPath: "/var/lib/docker/containers/1/hosts" },
    [["/var/lib/docker/containers/1/hosts", "/"]],
  ],
  [
    "the same source twice, names that are no paths",
    {
      Mounts: [
        { Type: "bind", Source: "/srv", Destination: "/a" },
        { Type: "bind", Source: "/srv", Destination: "/b" },
        { Type: "npipe", Source: "\\\\.\\pipe\\x", Destination: "/c" },
      ],
      GraphDriver: { Data: { UpperDir: 7, Dir: null } },
    },
    [
      ["/srv", "/a"],
      ["/srv", "/b"],
    ],
  ],
])("where its data lies: %s", (_, parts, expected) => {
  const { mountSources } = describeContainer({ ...raw, ...parts }, []);
  expect(mountSources.map(({ source, destination }) => [source, destination])).toEqual(expected);
});

import { expect, test } from "vitest";
import { rootedHost } from "../../tests/rooted-host.ts";
import { disksBelow, mountOf } from "./data-disks.ts";
import type { Found } from "./found.ts";

const host = {
  "/proc/1/mountinfo": `20 1 8:1 / / rw - ext4 /dev/sda1 rw
21 20 8:17 / /var/lib/postgresql rw - xfs /dev/sdb1 rw
22 20 8:33 / /var/lib/docker rw - ext4 /dev/sdc1 rw
`,
  "/proc/9/mountinfo": `30 1 0:50 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/x/diff,workdir=/w
31 30 8:17 /volume /var/lib/postgresql/data rw - xfs /dev/sdb1 rw
`,
};

test.each([
  [1, "/var/lib/postgresql/15/main", "8:17"],
  [1, "/var/lib/postgresql", "8:17"],
  [1, "/var/lib/postgresqlx", "8:1"],
  [9, "/var/lib/postgresql/data", "8:17"],
  [9, "/data", "8:33"],
  [8, "/data", undefined],
])("process %i's %s lies on %s", (pid, folder, device) => {
  expect(mountOf(rootedHost(host), pid, folder)?.device).toBe(device);
});

test("the disks and the fullness of its data, in a container too", async () => {
  const rooted = rootedHost(
    {
      ...host,
      "/sys/dev/block/8:17": "-> ../../block/sdb/sdb1",
      "/sys/block/sdb/sdb1/partition": "1",
      "/sys/block/sdb/size": "100",
    },
    {
      statfs: async (path) => {
        expect(path).toMatch(/\/proc\/9\/root\/var\/lib\/postgresql\/data$/);
        return { blockSize: 1, blocks: 100, free: 30, available: 20, files: 0, freeFiles: 0 };
      },
    },
  );
  const found: Found = {
    engine: "postgresql",
    key: "postgresql:container/x:5432",
    addresses: [],
    sockets: [],
    process: { pid: 9, name: "postgres", exe: undefined },
    dataDirectory: { shown: "/var/lib/postgresql/data", path: "/proc/9/root/var/lib/postgresql/data" },
  };
  expect(await disksBelow(rooted, found)).toEqual({ diskUsedRatio: 70 / 90, disks: ["sdb"], pools: [] });
});

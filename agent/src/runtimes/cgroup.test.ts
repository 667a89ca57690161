import { expect, test } from "vitest";
import { locateCgroup, parseCgroupMounts, parseIoStat, parseNetDev, parseServiceBytes, readCgroup } from "./cgroup.ts";

const id = "ab".repeat(32);
const v1 = parseCgroupMounts(
  [
    "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0",
    "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
    "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0",
    "cgroup /sys/fs/cgroup/blkio cgroup rw,blkio 0 0",
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
  ].join("\n"),
);
const v2 = parseCgroupMounts("proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n");

test.for<[what: string, text: string, mounts: typeof v1, files: unknown]>([
  [
    "v2, systemd",
    `0::/system.slice/docker-${id}.scope\n`,
    v2,
    { version: 2, dir: `/sys/fs/cgroup/system.slice/docker-${id}.scope` },
  ],
  [
    "v2, first process moved on",
    `0::/docker/${id}/init.scope\n`,
    v2,
    { version: 2, dir: `/sys/fs/cgroup/docker/${id}` },
  ],
  [
    "v1",
    `4:memory:/docker/${id}\n3:pids:/docker/${id}\n2:cpu,cpuacct:/docker/${id}\n1:blkio:/docker/${id}\n0::/\n`,
    v1,
    {
      version: 1,
      cpu: `/sys/fs/cgroup/cpu,cpuacct/docker/${id}`,
      memory: `/sys/fs/cgroup/memory/docker/${id}`,
      pids: `/sys/fs/cgroup/pids/docker/${id}`,
      io: `/sys/fs/cgroup/blkio/docker/${id}`,
    },
  ],
  ["seen from another namespace", `0::/../docker-${id}.scope\n`, v2, undefined],
  ["another process by now", "0::/user.slice\n", v2, undefined],
  ["not what it should be", "nonsense\n::\n", v2, undefined],
])("finds the cgroup: %s", ([, text, mounts, files]) => {
  expect(locateCgroup(text, id, mounts)).toEqual(files);
});

function host(files: Record<string, string>) {
  return { readText: (path: string) => files[path] };
}

test("reads v2 counters", () => {
  const files = {
    "/c/cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
    "/c/memory.current": "1000\n",
    "/c/memory.stat": "anon 5\ninactive_file 300\nactive_file 2\n",
    "/c/pids.current": "7\n",
    "/c/io.stat": "8:0 rbytes=10 wbytes=20 rios=1 wios=1 dbytes=5 dios=0\n8:16 rbytes=1 wbytes=2\n",
  };
  const counters = readCgroup(host(files), { version: 2, dir: "/c" });
  expect(counters).toMatchObject({ cpuSeconds: 2.5, memoryBytes: 700, pids: 7, readBytes: 11, writeBytes: 22 });
  expect(readCgroup(host({}), { version: 2, dir: "/c" })).toBeUndefined();
});

test("reads v1 counters, missing ones as NaN", () => {
  const files = {
    "/a/cpuacct.usage": "1500000000\n",
    "/m/memory.usage_in_bytes": "1000\n",
    "/m/memory.stat": "cache 1\ninactive_file 1\ntotal_inactive_file 400\n",
    "/b/blkio.throttle.io_service_bytes": "8:0 Read 5\n8:0 Write 6\n8:0 Total 11\nTotal 11\n",
  };
  const at = { version: 1, cpu: "/a", memory: "/m", pids: "/p", io: "/b" } as const;
  expect(readCgroup(host(files), at)).toMatchObject({
    cpuSeconds: 1.5,
    memoryBytes: 600,
    pids: Number.NaN,
    readBytes: 5,
    writeBytes: 6,
  });
});

test("sums", () => {
  const text =
    "Inter-|   Receive\n face |bytes\n    lo: 99 1 0 0 0 0 0 0 99 1\n  eth0: 100 2 0 0 0 0 0 0 200 3\n  eth1:5 2 0 0 0 0 0 0 6 3\n";
  expect(parseNetDev(text)).toEqual({ receiveBytes: 105, transmitBytes: 206 });
  expect(parseIoStat("8:0\n")).toEqual({ readBytes: 0, writeBytes: 0 });
  expect(parseServiceBytes("")).toEqual({ readBytes: 0, writeBytes: 0 });
});

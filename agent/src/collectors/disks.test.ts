import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { type Collector, NotHere, type Reading } from "./collector.ts";
import { disks, diskValues, parseDiskstats } from "./disks.ts";
import { slots } from "./values.ts";

const slot = slots("disk");
const table = ` 254       0 vda 1000 10 80000 500 2000 20 160000 4000 3 1000 4500 50 0 0 0 1 1
 254       1 vda1 1000 10 80000 500 2000 20 160000 4000 3 1000 4500
 253       0 dm-0 1 0 8 0 0 0 0 0 0 0 0
   7       0 loop0 5 0 8 0 0 0 0 0 0 0 0
   8      16 sdb 0 0 0 0 0 0 0 0 0 0 0
`;

test("rates, latencies and utilisation between two counts", () => {
  const before = parseDiskstats(table).get("vda")!;
  const now = parseDiskstats(" 254 0 vda 1100 10 82000 700 2000 20 160000 4000 0 6000 14500 50 0 0 0 1 1\n").get(
    "vda",
  )!;
  expect(named(slot, diskValues(now, before, 10))).toEqual({
    read_bytes_per_second: 102_400,
    write_bytes_per_second: 0,
    reads_per_second: 10,
    writes_per_second: 0,
    read_await_seconds: 0.002,
    utilisation_ratio: 0.5,
    queue_length: 1,
  });
  expect(named(slot, diskValues(now, undefined, Number.NaN))).toEqual({});
});

test("whole disks and mapped devices, without partitions, loops and empty readers", () => {
  const host = rootedHost({
    "/proc/diskstats": table,
    "/sys/block/vda/size": "2048\n",
    "/sys/block/vda/queue/rotational": "0\n",
    "/sys/block/vda/device/model": "QEMU DISK  \n",
    "/sys/block/dm-0/size": "8\n",
    "/sys/block/dm-0/dm/name": "vg-root\n",
    "/sys/block/sdb/size": "0\n",
  });
  const readings = (disks.create(host) as Collector).collect(0, noAbort) as Reading[];
  expect(readings.map(({ key, labels, attributes }) => ({ key, labels, attributes }))).toEqual([
    {
      key: "vda",
      labels: { type: "disk" },
      attributes: { size_bytes: 1_048_576, rotational: false, model: "QEMU DISK" },
    },
    { key: "dm-0", labels: { type: "mapped", name: "vg-root" }, attributes: { size_bytes: 4096, rotational: false } },
  ]);
});

test("missing and malformed", () => {
  expect(() => disks.create(rootedHost({})).collect(0, noAbort)).toThrow(NotHere);
  expect([...parseDiskstats("8 0 sda 1 2 3\nrubbish\n\n").keys()]).toEqual([]);
});

import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere } from "./collector.ts";
import { memory, memoryValues, pageSize, parsePaging } from "./memory.ts";
import { slots } from "./values.ts";

const slot = slots("host");
const meminfo = `MemTotal:        1000 kB
MemFree:          400 kB
MemAvailable:     700 kB
Buffers:           50 kB
Cached:           200 kB
SwapCached:         1 kB
SwapTotal:        500 kB
SwapFree:         400 kB
SReclaimable:      30 kB
`;
const kb = 1024;

test("memory and swap", () => {
  expect(named(slot, memoryValues(meminfo))).toEqual({
    memory_total_bytes: 1000 * kb,
    memory_used_bytes: 300 * kb,
    memory_available_bytes: 700 * kb,
    memory_cached_bytes: 230 * kb,
    memory_buffers_bytes: 50 * kb,
    memory_used_ratio: 0.3,
    swap_total_bytes: 500 * kb,
    swap_used_bytes: 100 * kb,
  });
});

test("a kernel that does not say what is available", () => {
  const old = meminfo.replace(/MemAvailable.*\n/, "");
  expect(named(slot, memoryValues(old)).memory_available_bytes).toBe(680 * kb);
});

test.each([
  ["pswpin 3\npswpout 4\noom_kill 5\n", { swappedIn: 3, swappedOut: 4, oomKills: 5 }],
  ["pswpin 3\n", { swappedIn: 3, swappedOut: Number.NaN, oomKills: Number.NaN }],
])("paging in %j", (text, paging) => {
  expect(parsePaging(text)).toEqual(paging);
});

test.each([
  ["4 KiB", "nr_free_pages 101\n", 4096],
  ["16 KiB", "nr_free_pages 25\n", 16384],
  ["64 KiB", "nr_free_pages 6\n", 65536],
  ["unknown", "", 4096],
])("pages of %s", (_, vmstat, bytes) => {
  expect(pageSize(meminfo, vmstat)).toBe(bytes);
});

test("missing and malformed", () => {
  expect(() => memory.create(rootedHost({})).collect(0, noAbort)).toThrow(NotHere);
  expect(() => memoryValues("MemTotal: many kB\n")).toThrow("/proc/meminfo: no MemTotal");
});

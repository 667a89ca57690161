import { expect, test } from "vitest";
import { parseScan } from "./zpool-scan.ts";
import { parseDuration, parseQuantity } from "./zpool-words.ts";

const day = (text: string) => new Date(text).getTime();
const now = day("2024-02-11T18:00:00");

test.for<[text: string, scan: object | undefined]>([
  ["none requested", undefined],
  ["", undefined],
  ["Bereinigung läuft seit gestern", undefined],
  [
    "scrub repaired 0B in 00:15:42 with 0 errors on Sun Feb 11 04:00:01 2024",
    {
      function: "scrub",
      state: "finished",
      startedAt: day("2024-02-11T03:44:19"),
      endedAt: day("2024-02-11T04:00:01"),
      errors: 0,
      progressRatio: 1,
    },
  ],
  [
    "scrub repaired 8K in 1 days 05:33:17 with 12 errors on Sun Feb  4 20:54:25 2024",
    {
      function: "scrub",
      state: "finished",
      startedAt: day("2024-02-03T15:21:08"),
      endedAt: day("2024-02-04T20:54:25"),
      errors: 12,
      progressRatio: 1,
    },
  ],
  [
    "scrub repaired 0 in 14h7m with 1 errors on Sun Feb  4 20:54:25 2024",
    {
      function: "scrub",
      state: "finished",
      startedAt: day("2024-02-04T06:47:25"),
      endedAt: day("2024-02-04T20:54:25"),
      errors: 1,
      progressRatio: 1,
    },
  ],
  [
    "scrub completed after 0h3m with 0 errors on Sun Feb  4 20:54:25 2024",
    {
      function: "scrub",
      state: "finished",
      startedAt: day("2024-02-04T20:51:25"),
      endedAt: day("2024-02-04T20:54:25"),
      errors: 0,
      progressRatio: 1,
    },
  ],
  [
    "scrub in progress since Sun Feb 11 11:54:20 2024\n\t704G / 1.66T scanned at 5.67G/s, 83G / 1.66T issued at 1.2G/s\n\t0B repaired, 5.00% done, 00:22:10 to go",
    {
      function: "scrub",
      state: "running",
      startedAt: day("2024-02-11T11:54:20"),
      progressRatio: 0.05,
      bytesPerSecond: 1.2 * 1024 ** 3,
      remainingSeconds: 1330,
    },
  ],
  [
    "scrub in progress since Sun Feb 11 11:54:20 2024\n\t704G scanned at 5.67G/s, 0B issued at 0B/s, 1.66T total\n\t0B repaired, 0.00% done, no estimated completion time",
    { function: "scrub", state: "running", startedAt: day("2024-02-11T11:54:20"), progressRatio: 0, bytesPerSecond: 0 },
  ],
  [
    "resilver in progress since Sun Feb 11 11:54:20 2024\n\t9.3T scanned at 1G/s, 9.1T issued at 99M/s, 9.0T total\n\t1T resilvered, 101.12% done, 2 days 01:02:03 to go",
    {
      function: "resilver",
      state: "running",
      startedAt: day("2024-02-11T11:54:20"),
      progressRatio: 1,
      bytesPerSecond: 99 * 1024 ** 2,
      remainingSeconds: 176_523,
    },
  ],
  [
    "scrub in progress since Sun Feb 11 11:54:20 2024\n\t1.23T scanned out of 4.50T at 120M/s, 7h56m to go\n\t0 repaired, 27.33% done",
    {
      function: "scrub",
      state: "running",
      startedAt: day("2024-02-11T11:54:20"),
      progressRatio: 0.2733,
      bytesPerSecond: 120 * 1024 ** 2,
      remainingSeconds: 28_560,
    },
  ],
  [
    "scrub in progress for 0h10m, 12.50% done, 1h10m to go",
    { function: "scrub", state: "running", startedAt: now - 600_000, progressRatio: 0.125, remainingSeconds: 4200 },
  ],
  [
    "scrub paused since Sun Feb 11 12:00:00 2024\n\tscrub started on Sun Feb 11 11:54:20 2024\n\t704G / 1.66T scanned, 83G / 1.66T issued\n\t0B repaired, 5.00% done",
    { function: "scrub", state: "paused", startedAt: day("2024-02-11T11:54:20"), progressRatio: 0.05 },
  ],
  [
    "scrub canceled on Sun Jan 18 12:18:11 2026",
    { function: "scrub", state: "cancelled", endedAt: day("2026-01-18T12:18:11") },
  ],
  [
    "scrub stopped after 0h0m with 0 errors on Sun Feb  4 20:54:25 2024",
    {
      function: "scrub",
      state: "cancelled",
      startedAt: day("2024-02-04T20:54:25"),
      endedAt: day("2024-02-04T20:54:25"),
      errors: 0,
    },
  ],
  [
    "resilvered (draid1:3d:5c:1s-0) 1.2G in 00:00:10 with 0 errors on Sun Feb 11 04:00:01 2024",
    {
      function: "resilver",
      state: "finished",
      startedAt: day("2024-02-11T03:59:51"),
      endedAt: day("2024-02-11T04:00:01"),
      errors: 0,
      progressRatio: 1,
    },
  ],
  [
    "resilver (mirror-0) in progress since Sun Feb 11 11:54:20 2024\n\t1G / 2G scanned at 1G/s, 512M issued 256M/s\n\t10M resilvered, 50.00% done, 00:00:06 to go",
    {
      function: "resilver",
      state: "running",
      startedAt: day("2024-02-11T11:54:20"),
      progressRatio: 0.5,
      remainingSeconds: 6,
    },
  ],
])("%s", ([text, scan]) => {
  expect(parseScan(text, now)).toEqual(scan);
});

test.for([
  ["1 days 05:33:17", 106_397],
  ["2 days 00:00:00", 172_800],
  ["00:00:00", 0],
  ["123:00:01", 442_801],
  ["3m12s", 192],
  ["", undefined],
  ["soon", undefined],
] as const)("%j lasts %s s", ([text, seconds]) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.for([
  ["62.6G", 62.6 * 1024 ** 3],
  ["1.5K", 1536],
  ["1,5K", 1536],
  ["0B", 0],
  ["0", 0],
  [12, 12],
  ["-", undefined],
  [-1, undefined],
  [null, undefined],
  ["9".repeat(400), undefined],
] as const)("%j is %s", ([text, value]) => {
  expect(parseQuantity(text)).toBe(value);
});

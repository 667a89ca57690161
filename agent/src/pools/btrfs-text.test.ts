import fc from "fast-check";
import { expect, test } from "vitest";
import {
  parseDeviceStats,
  parseErrorStats,
  parseProgress,
  parseScrubStatus,
  parseShow,
  parseUsage,
} from "./btrfs-text.ts";

const day = (text: string) => new Date(text).getTime();
const id = "UUID:             490d983f-f620-47f2-bf22-fcc8e92fa0ab\n";

const scrubs: [what: string, text: string, scan: object | undefined][] = [
  [
    "none, 6.x",
    `${id}\tno stats available\nTotal to scrub:   294912\nRate:             0/s\nError summary:    no errors found\n`,
    undefined,
  ],
  [
    "none, 4.x",
    "scrub status for 490d983f\n\tno stats available\n\ttotal bytes scrubbed: 0.00B with 0 errors\n",
    undefined,
  ],
  [
    "finished, 6.x",
    `${id}Scrub started:    Mon Nov 23 08:30:31 2026\nStatus:           finished\nDuration:         1:02:03\nTotal to scrub:   126271488\nRate:             99/s\nError summary:    no errors found\n`,
    {
      state: "finished",
      startedAt: day("2026-11-23T08:30:31"),
      endedAt: day("2026-11-23T09:32:34"),
      progressRatio: 1,
      errors: 0,
    },
  ],
  [
    "running, 5.x",
    `${id}Scrub started:    Mon Nov 23 08:30:31 2026\nStatus:           running\nDuration:         0:00:25\nTime left:        0:16:40\nETA:              Mon Nov 23 08:47:36 2026\nTotal to scrub:   1000000000\nBytes scrubbed:   25000000  (2.50%)\nRate:             976000/s\nError summary:    no errors found\n`,
    {
      state: "running",
      startedAt: day("2026-11-23T08:30:31"),
      progressRatio: 0.025,
      bytesPerSecond: 976_000,
      remainingSeconds: 1000,
      errors: 0,
    },
  ],
  [
    "aborted, with errors, resumed before",
    `${id}Scrub resumed:    Mon Nov 23 08:30:31 2026\nStatus:           aborted\nDuration:         0:00:10\nTotal to scrub:   100.00GiB\nRate:             1.00GiB/s\nError summary:    csum=216 verify=2\n  Corrected:      72\n  Uncorrectable:  0\n  Unverified:     0\n`,
    { state: "cancelled", startedAt: day("2026-11-23T08:30:31"), endedAt: day("2026-11-23T08:30:41"), errors: 218 },
  ],
  [
    "interrupted, raw counters",
    `${id}Scrub started:    Mon Nov 23 08:30:31 2026\nStatus:           interrupted\nDuration:         0:00:10\n\tdata_extents_scrubbed: 1920\n\tread_errors: 3\n\tcsum_errors: 4\n\tverify_errors: 0\n\tno_csum: 9\n\tsuper_errors: 1\n\tcorrected_errors: 5\n\tlast_physical: 173015040\n`,
    { state: "cancelled", startedAt: day("2026-11-23T08:30:31"), endedAt: day("2026-11-23T08:30:41"), errors: 8 },
  ],
  [
    "finished, 4.x",
    "scrub status for 490d983f\n\tscrub started at Mon Nov 23 08:30:31 2026 and finished after 00:00:10\n\ttotal bytes scrubbed: 1.20GiB with 3 errors\n\terror details: csum=3\n",
    {
      state: "finished",
      startedAt: day("2026-11-23T08:30:31"),
      endedAt: day("2026-11-23T08:30:41"),
      progressRatio: 1,
      errors: 3,
    },
  ],
  [
    "running, 4.x",
    "scrub status for 490d983f\n\tscrub started at Mon Nov 23 08:30:31 2026, running for 00:00:25\n\ttotal bytes scrubbed: 5.49GiB with 0 errors\n",
    { state: "running", startedAt: day("2026-11-23T08:30:31"), errors: 0 },
  ],
  ["another language", `${id}Bereinigung begann: gestern\nZustand: fertig\n`, undefined],
  ["nothing", "", undefined],
];

test.for(scrubs)("%s", ([, text, scan]) => {
  expect(parseScrubStatus(text)).toEqual(scan === undefined ? undefined : { function: "scrub", ...scan });
});

test("devices, one of them missing, in both spellings", () => {
  const text = `Label: 'data'  uuid: 490d983f-f620-47f2-bf22-fcc8e92fa0ab
	Total devices 3 FS bytes used 63127552
	devid    1 size 314572800 used 209715200 path /dev/sdb1
	devid    2 size 0 used 0 path <missing disk> MISSING
	devid   10 size 314572800 used 0 path /dev/mapper/my disk
	*** Some devices missing
	devid    4 size 0 used 0 path  MISSING
`;
  expect(parseShow(text)).toEqual([
    { id: "1", path: "/dev/sdb1", sizeBytes: 314_572_800 },
    { id: "2" },
    { id: "10", path: "/dev/mapper/my disk", sizeBytes: 314_572_800 },
    { id: "4" },
  ]);
});

test("errors of the kernel and of the tool", () => {
  const kernel = "write_errs 1\nread_errs 2\nflush_errs 3\ncorruption_errs 4\ngeneration_errs 5\n";
  const errors = { readErrors: 2, writeErrors: 4, checksumErrors: 9 };
  expect(parseErrorStats(kernel)).toEqual(errors);
  expect(parseErrorStats("invalid")).toBeUndefined();
  expect(parseErrorStats(undefined)).toBeUndefined();
  const tool = [
    "write_io_errs    1",
    "read_io_errs     2",
    "flush_io_errs    3",
    "corruption_errs  4",
    "generation_errs  5",
  ];
  const text = tool.map((line) => `[/dev/sd b].${line}\n`).join("");
  expect(parseDeviceStats(text)).toEqual(new Map([["/dev/sd b", errors]]));
});

test("usage, balance, replace", () => {
  const usage = "Overall:\n    Device size:\t\t         629145600\n    Device missing:\t\t         314572800\n";
  expect(parseUsage(usage)).toEqual({ deviceBytes: 629_145_600, missingBytes: 314_572_800 });
  expect(parseUsage("")).toEqual({});
  expect(
    parseProgress("Balance on '/' is running\n3 out of about 10 chunks balanced (4 considered),  70% left\n"),
  ).toBeCloseTo(0.3);
  expect(parseProgress("12.5% done, 0 write errs, 0 uncorr. read errs\n")).toBe(0.125);
  expect(parseProgress("No balance found on '/'\n")).toBeUndefined();
});

test("mutated text is read, never thrown at", () => {
  const texts = scrubs.map(([, text]) => text);
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 8 })), { maxLength: 6 }),
      (text, edits) => {
        let changed = text;
        for (const [at, part] of edits) {
          const place = at % (changed.length + 1);
          changed = changed.slice(0, place) + part + changed.slice(place + part.length);
        }
        const scan = parseScrubStatus(changed);
        const ratio = scan?.progressRatio ?? 0;
        expect(ratio >= 0 && ratio <= 1).toBe(true);
        parseShow(changed);
        parseDeviceStats(changed);
        parseUsage(changed);
        parseProgress(changed);
      },
    ),
    { numRuns: 500 },
  );
});

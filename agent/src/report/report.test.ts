import { decodeValues, freshBits } from "@fairlead/shared/report-codec";
import { describe, expect, test } from "vitest";
import type { Reading } from "../collectors/collector.ts";
import { SessionEncoder } from "./encoder.ts";
import { changeEntry, maxParts, reportEntries, wireValues } from "./entry.ts";
import { LiveMean } from "./mean.ts";
import { boundedKey, ResourceTable } from "./resource-table.ts";

const disk = (key: string, more: Partial<Reading> = {}): Reading => ({
  kind: "disk",
  key,
  values: [1, 2, 3, 4, 5, 6, 7, 8],
  ...more,
});

describe("values", () => {
  test("missing, infinite and too large ones are NaN; measured ones are rounded, exact ones are not", () => {
    expect([...wireValues("disk", [1 / 3, Number.POSITIVE_INFINITY, 1e300])]).toEqual([
      0.33333587646484375,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(wireValues("filesystem", [16_777_213, 16_777_213])[0]).toBe(16_777_213);
    expect(wireValues("nic", [16_777_213])[0]).toBe(16_777_216);
  });
});

describe("reports", () => {
  test("a resource that comes twice counts once; unknown kinds and empty keys are left out", () => {
    const readings = [disk("a"), disk("a"), disk(""), { ...disk("b"), kind: "nonsense" as never }];
    const [entry] = reportEntries(readings, 1, new ResourceTable());
    expect(entry?.type === "report" && entry.parts.map(({ resource }) => resource.key)).toEqual(["a"]);
  });

  test("very many resources make several reports of one time", () => {
    const readings = Array.from({ length: maxParts + 1 }, (_, i) => disk(`d${i}`));
    const entries = reportEntries(readings, 7, new ResourceTable());
    expect(entries.map((e) => e.type === "report" && [e.at, e.parts.length])).toEqual([
      [7, maxParts],
      [7, 1],
    ]);
  });
});

describe("resources", () => {
  test("labels stay within what the server takes", () => {
    const labels = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`l${i}`, "ä".repeat(200)]));
    const resource = new ResourceTable().observe(disk("a", { labels }));
    expect(Object.keys(resource!.labels)).toHaveLength(64);
    expect(Math.max(...Object.values(resource!.labels).map((v) => Buffer.byteLength(v)))).toBeLessThanOrEqual(256);
  });

  test("long keys are cut and stay distinct", () => {
    const [a, b] = ["1", "2"].map((end) => boundedKey("ä".repeat(300) + end));
    expect(Buffer.byteLength(a!)).toBeLessThanOrEqual(512);
    expect(a).not.toBe(b);
    expect(boundedKey("short")).toBe("short");
  });

  test("the configuration's labels are the host's", () => {
    const table = new ResourceTable({ site: "lab", os: "x" });
    expect(table.observe({ kind: "host", key: "host", labels: { os: "y" } })?.labels).toEqual({ site: "lab", os: "y" });
    expect(table.observe({ kind: "disk", key: "a", labels: {} })?.labels).toEqual({});
  });
});

describe("a session", () => {
  const frames = (encoder: SessionEncoder, table: ResourceTable, readings: Reading[], seq: number) =>
    reportEntries(readings, seq, table).flatMap((entry) => encoder.frames({ seq, entry }));
  const upserts = (list: ReturnType<typeof frames>) =>
    list.flatMap(({ resourceUpsert: r }) => (r ? [`${r.index} ${r.key}`] : []));

  test("declares before first use, and again after a change of labels or attributes, not of values or state", () => {
    const table = new ResourceTable();
    const encoder = new SessionEncoder(table);
    const steps: [Reading[], string[]][] = [
      [
        [disk("a"), disk("b")],
        ["0 a", "1 b"],
      ],
      [[disk("a", { values: [9] }), disk("b", { state: "x" })], []],
      [[disk("a", { labels: { x: "1" } }), disk("b")], ["0 a"]],
      [[disk("b", { attributes: { size: 1 } })], ["1 b"]],
      [[disk("b", { attributes: { size: 1 } }), disk("b")], []],
      [[disk("c"), disk("a")], ["2 c"]],
    ];
    for (const [i, [readings, expected]] of steps.entries()) {
      expect(upserts(frames(encoder, table, readings, i + 1))).toEqual(expected);
    }
  });

  test("an old record does not bring back what a resource was; one that is gone is declared as it was", () => {
    const table = new ResourceTable();
    const [old] = reportEntries(
      [disk("a", { labels: { v: "old" } }), disk("gone", { labels: { v: "old" } })],
      1,
      table,
    );
    table.observe(disk("a", { labels: { v: "new" }, state: "s" }));
    changeEntry({ kind: "disk", key: "gone", at: 2, to: "gone" }, table);
    const sent = new SessionEncoder(table)
      .frames({ seq: 1, entry: old! })
      .flatMap(({ resourceUpsert: r }) => (r ? [r] : []));
    expect(sent.map(({ key, labels, state }) => [key, labels?.v, state])).toEqual([
      ["a", "new", "s"],
      ["gone", "old", undefined],
    ]);
  });

  test("a resource that comes back is declared again under its index", () => {
    const table = new ResourceTable();
    const encoder = new SessionEncoder(table);
    frames(encoder, table, [disk("a")], 1);
    const entry = changeEntry({ kind: "disk", key: "a", at: 2, from: "x", to: "gone" }, table);
    expect(encoder.frames({ seq: 2, entry: entry! })).toMatchObject([
      { stateChange: { resource: 0, toState: "gone" } },
    ]);
    expect(upserts(frames(encoder, table, [disk("a")], 3))).toEqual(["0 a"]);
  });

  test("what a receiver decodes is what was measured", () => {
    const table = new ResourceTable();
    const encoder = new SessionEncoder(table);
    const previous = freshBits(8);
    for (const [i, first] of [5, 6, Number.NaN, 7].entries()) {
      const report = frames(encoder, table, [disk("a", { values: [first] })], i + 1).at(-1)!.report!;
      const values = new Float32Array(8);
      expect(decodeValues(report.values!, [{ values, previous }])).toBeUndefined();
      expect(values[0]).toBe(first);
    }
  });
});

test("a stored report after live ones tells the mean of measured values and the newest of exact ones", () => {
  const mean = new LiveMean();
  const nic = (rate: number, up: number): Reading => ({
    kind: "nic",
    key: "e",
    values: [rate, Number.NaN, 0, 0, 0, 0, 0, 0, up, 0],
  });
  mean.add([nic(10, 1)]);
  mean.add([nic(Number.NaN, 1)]);
  const [reading] = mean.take([nic(20, 0)]);
  expect([reading!.values[0], reading!.values[1], reading!.values[8]]).toEqual([15, Number.NaN, 0]);
  expect(mean.take([nic(40, 1)])[0]!.values[0]).toBe(40);
});

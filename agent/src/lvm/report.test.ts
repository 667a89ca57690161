import fc from "fast-check";
import { expect, test } from "vitest";
import { poolReadings } from "../pools/pool-readings.ts";
import { groupPools } from "./pool.ts";
import { parseReport, reportArguments } from "./report.ts";

const text = JSON.stringify({
  report: [
    {
      vg: [{ vg_name: "vg", vg_uuid: "G", vg_attr: "wz--n-", vg_size: "100", vg_free: "40", vg_missing_pv_count: "0" }],
      pv: [{ pv_name: "/dev/sda3", pv_uuid: "P", pv_size: "100", pv_free: "40", pv_attr: "a--", pv_missing: "" }],
      lv: [
        { lv_name: "[thin_tdata]", lv_layout: "linear" },
        {
          lv_name: "thin",
          lv_layout: "thin,pool",
          lv_active: "active",
          data_percent: "12.50",
          metadata_percent: "3.1",
        },
      ],
    },
    { vg: [], pv: [{ pv_name: "/dev/sdz", pv_uuid: "orphan" }] },
  ],
});

test("groups with their volumes; physical volumes of no group are left out (hand-made)", () => {
  const [group, ...others] = parseReport(text) ?? [];
  expect(others).toEqual([]);
  expect(group).toMatchObject({ name: "vg", sizeBytes: 100, freeBytes: 40, missing: 0, exported: false });
  expect(group?.physical).toMatchObject([{ name: "/dev/sda3", sizeBytes: 100, missing: false, duplicate: false }]);
  expect(group?.volumes).toMatchObject([
    { name: "thin_tdata", hidden: true, active: false },
    { name: "thin", hidden: false, active: true, dataRatio: 0.125, layout: ["thin", "pool"] },
  ]);
});

test("numbers as numbers, and words for what is not set (json_std, hand-made)", () => {
  const std = {
    vg: [{ vg_name: "vg", vg_size: 100, vg_exported: "no" }],
    lv: [{ lv_name: "a", lv_check_needed: "unknown" }],
  };
  const [group] = parseReport(JSON.stringify({ report: [std] })) ?? [];
  expect(group).toMatchObject({ sizeBytes: 100, exported: false, volumes: [{ checkNeeded: false }] });
});

test.each(["", "{", "[]", "null", '{"report": 7}', "WARNING: x"])("no report in %j", (given) => {
  expect(parseReport(given)).toBeUndefined();
});

test("mutated, cut and glued: never throws, and no pool without a state", () => {
  const read = (given: string) => {
    const stack = { device: "", disks: [], pools: [] };
    const pools = (parseReport(given) ?? []).flatMap((group) => groupPools(group, () => stack, ""));
    for (const { state, reason } of pools.flatMap((pool) => poolReadings(pool, 0))) {
      expect(state).toBeTruthy();
      if (state !== "online") expect(reason).toBeTruthy();
    }
  };
  fc.assert(
    fc.property(fc.nat(), fc.nat(40), fc.string(), (from, length, put) => {
      const at = from % text.length;
      read(text.slice(0, at) + put + text.slice(at + length));
    }),
    { numRuns: 300 },
  );
  const group = (json: string) => `{"report":[{"vg":[{"vg_name":"x"},${json}],"lv":[${json}],"pv":${json}}]}`;
  fc.assert(fc.property(fc.json(), (json) => read(group(json))));
});

test("it is forbidden to write, even to repair", () => {
  for (const all of [true, false]) expect(reportArguments(all)).toContain("global{metadata_read_only=1}");
});

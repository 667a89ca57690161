import { expect, test } from "vitest";
import type { Battery, Controller } from "./list-controllers.ts";
import type { Pool } from "./list-pools.ts";
import { problemsOf } from "./problems.ts";

const pool = (given: Partial<Pool>): Pool =>
  ({ id: 1, name: "tank", membersMissing: 0, membersTotal: 2, problem: null, ...given }) as Pool;

const dead: Battery = { kind: "CVPM02", state: "replace", ok: false, chargeRatio: null, temperatureCelsius: null };

test.each<[given: Partial<Pool>, text: string]>([
  [{ state: "degraded", membersMissing: 1 }, "degraded: 1 of 2 members missing"],
  [{ state: "stuck", problem: "zpool status: no end within 8000 ms" }, "stuck: zpool status: no end within 8000 ms"],
  [{ state: "stuck", membersMissing: 1, problem: "no end" }, "stuck: no end"],
  [{ state: "faulted", problem: "the tool is missing" }, "faulted: the tool is missing"],
  [{ state: "suspended" }, "suspended"],
  [{ state: null }, "unknown"],
  [
    { state: "online", type: "lvm-thin", metadataUsedRatio: 0.93 },
    "93 % of its metadata used: extend them (lvextend --poolmetadatasize)",
  ],
  [{ state: "online", type: "lvm-thin", usedRatio: 1 }, "100 % of its data used: extend it (lvextend)"],
  [
    { state: "stuck", type: "lvm-thin", metadataUsedRatio: 1 },
    "stuck: 100 % of its metadata used: extend them (lvextend --poolmetadatasize)",
  ],
])("a pool %j: %s", (given, text) => {
  const known = {
    drives: new Map(),
    pools: new Map([[1, pool(given)]]),
    filesystems: new Map(),
    controllers: new Map(),
  };
  expect(problemsOf(known, { drives: [], pools: [1], filesystems: [], controllers: [] }, [])).toMatchObject([
    { kind: "pool", text },
  ]);
});

test.each<[given: Partial<Controller>, text: string, severity: string]>([
  [{ state: "degraded", faults: ["cache disabled"], status: "Optimal" }, "cache disabled", "warning"],
  [{ state: "degraded", battery: dead }, "CVPM02: replace", "warning"],
  [{ state: "failed", status: "Failed" }, "Failed", "critical"],
  [{ state: "failed" }, "failed", "critical"],
])("a controller %j: %s", (given, text, severity) => {
  const controller = {
    id: 1,
    model: "H755",
    faults: [],
    battery: null,
    status: null,
    ...given,
  } as unknown as Controller;
  const known = {
    drives: new Map(),
    pools: new Map(),
    filesystems: new Map(),
    controllers: new Map([[1, controller]]),
  };
  const bad = { drives: [], pools: [], filesystems: [], controllers: [1] };
  expect(problemsOf(known, bad, [])).toMatchObject([{ kind: "controller", name: "H755", text, severity }]);
});

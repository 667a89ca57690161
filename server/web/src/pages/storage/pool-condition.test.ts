import { expect, test } from "vitest";
import { poolCondition } from "./pool-condition.ts";

const none = { read: 0, write: 0, checksum: 0, data: 0 };
const pool = (more: object) => ({
  state: "online",
  type: "zfs",
  usedRatio: 0.5,
  metadataUsedRatio: null,
  errors: none,
  ...more,
});

test.each([
  [{}, "ok", "online"],
  [{ errors: { read: null, write: null, checksum: null, data: null } }, "ok", "online"],
  [{ errors: { ...none, checksum: 3 } }, "warn", "online, with errors"],
  [{ errors: { ...none, checksum: 3, data: 1 } }, "crit", "online, data lost"],
  [{ usedRatio: 0.99 }, "ok", "online"],
  [{ type: "lvm-thin", usedRatio: 0.98 }, "crit", "online, out of room"],
  [{ type: "lvm-thin", metadataUsedRatio: 0.81 }, "crit", "online, out of room"],
  [{ type: "lvm-thin", metadataUsedRatio: 0.8 }, "ok", "online"],
  [{ state: "degraded", errors: { ...none, read: 3 } }, "crit", "degraded"],
  [{ state: "stuck" }, "crit", "does not answer"],
  [{ state: null }, "idle", "unknown"],
])("a pool %j is %s: %s", (more, tone, word) => {
  expect(poolCondition(pool(more))).toEqual({ tone, word });
});

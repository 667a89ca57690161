import { expect, test } from "vitest";
import { isDataFault } from "./checkout.ts";

test.each<[string, unknown, boolean]>([
  ["bad text for a uuid", { code: "22P02", severity: "ERROR" }, true],
  ["foreign key", { code: "23503", severity: "ERROR" }, true],
  ["index row too large", { code: "54000", severity: "ERROR" }, true],
  ["a time that is none", new RangeError("Invalid time value"), true],
  ["server stopping", { code: "57P01", severity: "FATAL" }, false],
  ["disk full", { code: "53100", severity: "ERROR" }, false],
  ["database missing", { code: "3D000", severity: "FATAL" }, false],
  ["password changed", { code: "28P01", severity: "FATAL" }, false],
  ["transaction too long", { code: "25P04", severity: "FATAL" }, false],
  ["broken pipe, whose code looks like a SQLSTATE", Object.assign(new Error("write"), { code: "EPIPE" }), false],
  ["connection lost", new Error("Connection terminated unexpectedly"), false],
])("%s", (_, error, expected) => {
  expect(isDataFault(error)).toBe(expected);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adviceOn } from "./advice.ts";

const reason = { severity: "critical", text: "", attribute: null, value: null, threshold: null, acknowledge: null };
const source = readFileSync(join(import.meta.dirname, "../../../../../shared/smartctl-parser/reason.ts"), "utf8");
const codes = [...(/type ReasonCode =([^;]+);/.exec(source)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(
  ([, code]) => code ?? "",
);
/** Only ever told as a note. */
const notes = ["error_log"];

test("every reason that can weigh says what to do", () => {
  expect(codes.length).toBeGreaterThan(15);
  const silent = codes.filter((code) => adviceOn({ ...reason, code }) === undefined);
  expect(silent).toEqual(notes);
});

test("transfer errors are the cable's, notes ask for nothing", () => {
  expect(adviceOn({ ...reason, code: "failure_rate", attribute: "ata:199" })).toMatch(/cable/);
  expect(adviceOn({ ...reason, code: "failure_rate", attribute: "ata:5" })).toMatch(/long self-test/);
  expect(adviceOn({ ...reason, code: "command_failed", severity: "info" })).toBeUndefined();
  expect(adviceOn({ ...reason, code: "standby", severity: "info" })).toMatch(/^Nothing/);
});

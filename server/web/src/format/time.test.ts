import { expect, test } from "vitest";
import { formatAgo, formatUtc } from "./time.ts";

const now = Date.parse("2026-11-23T06:00:00Z");

test.each([
  ["2026-11-23T05:59:59.500Z", "now"],
  ["2026-11-23T05:59:48Z", "12 s ago"],
  ["2026-11-23T05:57:30Z", "2 min ago"],
  ["2026-11-20T05:57:30Z", "3 d ago"],
  ["2026-11-23T06:05:00Z", "in 5 min"],
  [null, "–"],
])("%s -> %s", (iso, text) => expect(formatAgo(iso, now)).toBe(text));

test("UTC keeps the zone's name", () => {
  expect(formatUtc("2026-11-23T07:40:12+02:00")).toBe("2026-11-23 05:40:12 UTC");
});

import { expect, test } from "vitest";
import { fitAttributes } from "./fit-attributes.ts";

test("what fits stays as it is", () => {
  const attributes = { version: "7", topStatements: [{ text: "GET" }] };
  expect(fitAttributes(attributes)).toEqual(attributes);
});

test("too much: lists are halved, the least important first", () => {
  const rows = (count: number, text: string) => Array.from({ length: count }, (_, i) => ({ i, text }));
  const given = { version: "15", topStatements: rows(40, "x".repeat(500)), databases: rows(400, "y".repeat(100)) };
  const fitted = fitAttributes(given) as typeof given;
  expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(56 * 1024);
  expect(fitted.version).toBe("15");
  expect(fitted.topStatements.length).toBeLessThan(40);
  expect(fitted.databases).toHaveLength(400);
  expect(fitAttributes({ version: "15", junk: "x".repeat(100_000) })).toEqual({ version: "15" });
});

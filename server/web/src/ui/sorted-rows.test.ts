import { expect, test } from "vitest";
import { type SortValue, sortedRows } from "./sorted-rows.ts";

test.each<[SortValue[], boolean, SortValue[]]>([
  [[3, null, 1, 10], false, [1, 3, 10, null]],
  [[3, null, 1, 10], true, [10, 3, 1, null]],
  [["web-10", "web-2", null, "API"], false, ["API", "web-2", "web-10", null]],
  [[null, null], true, [null, null]],
  [[], true, []],
])("%j down: %s", (values, down, sorted) => {
  expect(sortedRows(values, (value) => value, down)).toEqual(sorted);
});

test("equal rows keep their order", () => {
  const rows = [{ id: "b" }, { id: "a" }];
  expect(sortedRows(rows, () => 1, true)).toEqual(rows);
});

import { expect, test } from "vitest";
import { pageByValue } from "./page-by-value.ts";

const values = new Map<number, number | null>([
  [1, 0.5],
  [2, null],
  [3, 0.9],
  [4, 0.5],
  [5, null],
  [6, -1],
]);
const all = (sort: string, limit: number) => {
  const pages: number[][] = [];
  let cursor: string | undefined;
  do {
    const page = pageByValue([...values.keys()], (id) => values.get(id) ?? null, { limit, cursor, sort });
    pages.push(page.ids);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
};

test.each([
  ["size", 100, [[6, 1, 4, 3, 2, 5]]],
  ["-size", 100, [[3, 4, 1, 6, 5, 2]]],
  ["size", 1, [[6], [1], [4], [3], [2], [5]]],
  [
    "-size",
    2,
    [
      [3, 4],
      [1, 6],
      [5, 2],
    ],
  ],
  [
    "size",
    3,
    [
      [6, 1, 4],
      [3, 2, 5],
    ],
  ],
])("%s, %d a page", (sort, limit, pages) => {
  expect(all(sort, limit)).toEqual(pages);
});

test.each(["x", btoa('["size","a","1"]'), btoa('["size","1","1;"]'), btoa('["lag","1","1"]')])(
  "refused: cursor %s",
  (cursor) => {
    const page = () => pageByValue([1], () => 1, { limit: 1, cursor: cursor.replace(/=+$/, ""), sort: "size" });
    expect(page).toThrow("is not a cursor of this list and sort");
  },
);

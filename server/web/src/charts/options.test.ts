import { expect, test } from "vitest";
import { lonePlaces } from "./options.ts";

test.each<[values: (number | null)[], lone: number[]]>([
  [[], []],
  [[5], [0]],
  [[null, 5, null], [1]],
  [[1, 2, null, 3, null, 4, 5], [3]],
  [
    [0, null, 0],
    [0, 2],
  ],
])("%j has lone values at %j", (values, lone) => expect(lonePlaces(values)).toEqual(lone));

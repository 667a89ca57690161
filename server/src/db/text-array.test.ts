import pg from "pg";
import { expect, test } from "vitest";
import { parseTextArray, textArrayOid } from "./text-array.ts";

const reference = pg.types.getTypeParser(textArrayOid, "text") as unknown as (text: string) => unknown;

test.each([
  ["{}"],
  ["{a}"],
  ["{agent.ping,container.start,live}"],
  ['{"a b",c}'],
  ['{"a,b","c\\"d","e\\\\f"}'],
  ['{"{x}",y}'],
  ['{NULL,"NULL",null-ish}'],
  ["{{a,b},{c,d}}"],
  ["[0:1]={a,b}"],
  ['{""}'],
])("%s as pg reads it", (text) => expect(parseTextArray(text)).toEqual(reference(text)));

test("nobody changes another's", () => {
  parseTextArray("{a,b}").push("c");
  expect(parseTextArray("{a,b}")).toEqual(["a", "b"]);
});

import { expect, test } from "vitest";
import { seal } from "../../tests/seal.ts";
import { newKey } from "../identity.ts";
import { openSealed, SealError } from "./sealed-box.ts";

const { key } = newKey("host");
const box = seal(key, "server-1", "redis:127.0.0.1:6379", '{"password":"naïve ☃"}');

test("what was sealed for this key, server and database opens", () => {
  expect(openSealed(box, key, "server-1", "redis:127.0.0.1:6379")).toBe('{"password":"naïve ☃"}');
});

test.each<[what: string, open: () => string, message: string]>([
  [
    "another key",
    () => openSealed(box, newKey("x").key, "server-1", "redis:127.0.0.1:6379"),
    "sealed for another key of this agent",
  ],
  [
    "another server",
    () => openSealed(box, key, "server-2", "redis:127.0.0.1:6379"),
    "sealed for another key of this agent",
  ],
  ["another database", () => openSealed(box, key, "server-1", "redis:127.0.0.1:6380"), "or for another database"],
  ["a box cut short", () => openSealed(box.subarray(0, 80), key, "server-1", "a"), "sealed: is cut short"],
  [
    "another format",
    () => openSealed(Buffer.concat([Buffer.of(2), box.subarray(1)]), key, "s", "d"),
    "sealed: format 2 is unknown",
  ],
  ["a point that is none", () => openSealed(Buffer.alloc(200, 1), key, "server-1", "a"), "sealed for another key"],
  ["too much", () => openSealed(Buffer.alloc(70_000, 1), key, "server-1", "a"), "sealed: longer than"],
])("%s is refused in words", (_, open, message) => {
  expect(open).toThrow(SealError);
  expect(open).toThrow(message);
});

test("any byte changed is noticed", () => {
  for (let at = 0; at < box.length; at++) {
    const changed = Buffer.from(box);
    changed[at] = (changed[at] ?? 0) ^ 0x55;
    expect(() => openSealed(changed, key, "server-1", "redis:127.0.0.1:6379")).toThrow(SealError);
  }
});

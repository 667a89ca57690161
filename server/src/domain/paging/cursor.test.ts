import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";

describe("cursor", () => {
  test("comes back as it went", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(text, text, text, (sort, value, id) => {
        const packed = encodeCursor({ sort, value, id });
        expect(packed).toMatch(/^[\w-]+$/);
        expect(decodeCursor(packed)).toEqual({ sort, value, id });
      }),
    );
  });

  test.each([
    ["empty", ""],
    ["not base64", "%%%"],
    ["not JSON", btoa("hello")],
    ["an object", btoa("{}").replace(/=+$/, "")],
    ["too few parts", btoa('["name","a"]').replace(/=+$/, "")],
    ["numbers", btoa("[1,2,3]").replace(/=+$/, "")],
    ["broken UTF-8", btoa("\xff\xfe").replace(/=+$/, "")],
  ])("refuses what is %s", (_name, text) => expect(decodeCursor(text)).toBeUndefined());
});

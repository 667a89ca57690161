import fc from "fast-check";
import { expect, test } from "vitest";
import { createFramer } from "./frames.ts";

const message = (code: string, body: string, length = body.length + 4) => {
  const head = Buffer.from(`${code}....`, "latin1");
  head.writeInt32BE(length, 1);
  return Buffer.concat([head, Buffer.from(body, "latin1")]);
};
const error = message("E", "SFATAL\0C28P01\0Mwrong\0\0");
const ready = message("Z", "I");

test("gives on whole messages, however they arrive", () => {
  const all = Buffer.concat([message("S", "a\0b\0"), error, ready]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (sizes) => {
      const take = createFramer(1000);
      const given: Buffer[] = [];
      for (let at = 0, i = 0; at < all.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        given.push(take(all.subarray(at, at + size)));
        at += size;
      }
      expect(Buffer.concat(given)).toEqual(all);
    }),
  );
});

test.each([
  ["an HTTP server", Buffer.from("HTTP/1.1 400 Bad Request\r\n")],
  ["a length that is too short", message("Z", "", 3)],
  ["a negative length", message("Z", "", -1)],
  ["a long one", message("D", "", 2000)],
  ["an error without its end", message("E", "SFATAL\0")],
  ["an error cut in a field", message("E", "SFATAL")],
  ["an error with more behind its end", message("E", "S\0\0x")],
  ["an empty error", message("E", "")],
  ["no letter", message("\u0000", "")],
])("refuses %s", (_, bytes) => {
  expect(() => createFramer(1000)(bytes)).toThrow();
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeValues, encodeValues, freshBits, roundTo16Bits } from "./report-codec.ts";

const floats = fc.array(fc.float(), { minLength: 0, maxLength: 40 });

test("what was encoded comes back bit by bit over a whole session", () => {
  fc.assert(
    fc.property(fc.array(floats, { minLength: 1, maxLength: 6 }), (passes) => {
      const width = 40;
      const sent = { values: new Float32Array(width), previous: freshBits(width) };
      const got = { values: new Float32Array(width), previous: freshBits(width) };
      for (const pass of passes) {
        sent.values.set(pass);
        const bytes = encodeValues([sent]);
        expect(decodeValues(bytes, [got])).toBeUndefined();
        expect(got.values).toEqual(sent.values);
      }
    }),
  );
});

test("any bytes are decoded or refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const part = { values: new Float32Array(20), previous: freshBits(20) };
      const wrong = decodeValues(bytes, [part]);
      expect(wrong === undefined || wrong.length > 0).toBe(true);
    }),
  );
});

test("truncated and overlong values are named", () => {
  const part = () => ({ values: new Float32Array([1, 2.5, Number.NaN]), previous: freshBits(3) });
  const bytes = encodeValues([part()]);
  expect(decodeValues(bytes.subarray(0, bytes.length - 1), [part()])).toBe("values end early");
  expect(decodeValues(new Uint8Array([...bytes, 0]), [part()])).toBe("1 bytes too many");
});

test("an unchanged resource takes one bit a value", () => {
  const part = { values: new Float32Array(16).fill(3.7), previous: freshBits(16) };
  encodeValues([part]);
  expect(encodeValues([part]).length).toBe(2);
});

test.each([
  [1, 1],
  [0.1, 0.1],
  [-1234.567, -1234.567],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
])("rounding %d keeps 16 bits", (value, expected) => {
  expect(roundTo16Bits(value)).toSatisfy((v: number) => v === expected || Math.abs(v / expected - 1) < 8e-6);
});

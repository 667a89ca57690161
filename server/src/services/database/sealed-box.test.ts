import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { openBox } from "../../../tests/open-box.ts";
import { sealBox } from "./sealed-box.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = publicKey.export({ type: "spki", format: "der" });
const plain = '{"user":"fairlead","password":"ünsere Käse"}';

test("opened by the key and context it was sealed for", () => {
  const box = sealBox(Buffer.from(plain), spki, "server\0postgresql:127.0.0.1:5432");
  expect(box.length).toBe(1 + 65 + 12 + Buffer.byteLength(plain) + 16);
  expect(openBox(box, privateKey, "server\0postgresql:127.0.0.1:5432")).toBe(plain);
  expect(box.includes("fairlead")).toBe(false);
});

test("two boxes of one text have nothing in common", () => {
  const [a, b] = [sealBox(Buffer.from(plain), spki, "x"), sealBox(Buffer.from(plain), spki, "x")];
  expect(a.subarray(1).equals(b.subarray(1))).toBe(false);
  expect(a.subarray(78, -16).equals(b.subarray(78, -16))).toBe(false);
});

test("not opened for another context, by another key, or changed in any byte", () => {
  const box = sealBox(Buffer.from(plain), spki, "server\0a");
  expect(() => openBox(box, privateKey, "server\0b")).toThrow();
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  expect(() => openBox(box, other, "server\0a")).toThrow();
  for (const at of [0, 1, 30, 66, 77, 78, 90, box.length - 16, box.length - 1]) {
    const changed = Buffer.from(box);
    changed[at] = (changed[at] as number) ^ 1;
    expect(() => openBox(changed, privateKey, "server\0a"), `byte ${at}`).toThrow();
  }
});

test("a key of another kind is refused", () => {
  const spki = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ type: "spki", format: "der" });
  expect(() => sealBox(Buffer.from(plain), spki, "x")).toThrow("P-256");
});

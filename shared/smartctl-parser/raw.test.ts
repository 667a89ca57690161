import { expect, test } from "vitest";
import { decodeRaw } from "./raw.ts";
import { unwrapHours } from "./self-test.ts";
import { unitOf } from "./traffic.ts";

test.for<[what: string, id: number, raw: number | null, text: string | null, seagate: boolean, decoded: number | null]>(
  [
    ["a plain count", 5, 1975, "1975", false, 1975],
    ["without text", 197, 8, null, false, 8],
    ["without anything", 197, null, null, false, null],
    ["text goes first", 5, 10, "0", false, 0],
    ["minimum and maximum", 194, 163210330144, "32 (Min/Max 24/38)", false, 32],
    ["bytes of a temperature", 194, 77309411357, "29 (0 18 0 0 0)", false, 29],
    ["a packed temperature", 194, 163210330144, "163210330144", false, 32],
    ["hours with more behind", 9, 167031278144165, "2725 (151 234 0)", false, 2725],
    ["a duration", 240, 1265348905053451, "44299h+06m+36s", false, 44299.11],
    ["events with more behind", 196, 53416508262463, "2111 (12437 0)", false, 2111],
    ["Seagate's read errors", 1, 181426040, "181426040", true, 0],
    ["Seagate's seek errors", 7, 2 * 2 ** 32 + 7, "8589934599", true, 2],
    ["another's read errors", 1, 181426040, "181426040", false, 181426040],
    ["three timeouts", 188, 4295032833, "1 1 1", true, 1],
    ["the total of timeouts", 188, 0, "0 2 9", true, 9],
    ["packed timeouts", 188, 2 ** 32 + 3 * 2 ** 16 + 12, "4295163916", true, 12],
    ["plain timeouts", 188, 7, "7", false, 7],
    ["absurd: all ones", 197, 2 ** 48 - 1, "281474976710655", false, null],
    ["absurd: 32 ones", 5, 2 ** 32 - 1, "4294967295", false, null],
    ["absurd: packed", 187, 5 * 2 ** 32 + 4, "21474836484", true, 4],
    ["hexadecimal", 200, 255, "0x00ff", false, 255],
    ["words", 3, 380, "380 (Average 380)", false, 380],
    ["no number", 5, 3, "n/a", false, 3],
  ],
)("%s", ([, id, raw, text, seagate, decoded]) => {
  const got = decodeRaw(id, raw, text, seagate).decoded;
  expect(got === null ? null : Math.round(got * 1e6) / 1e6).toBe(decoded);
});

test.for<[name: string, bytes: number | null]>([
  ["Total_LBAs_Written", 4096],
  ["Host_Writes_32MiB", 32 * 2 ** 20],
  ["Lifetime_Writes_GiB", 2 ** 30],
  ["Total_Reads_GB", 1e9],
  ["Host_Writes_MiB", 2 ** 20],
  ["Unknown_Attribute", null],
  ["Thermal_Throttle", null],
])("%s counts %d bytes", ([name, bytes]) => {
  expect(unitOf(name, 4096)).toBe(bytes);
});

test.for<[hours: number | null, age: number | null, at: number | null]>([
  [42, 65_592, 65_578],
  [65_530, 65_592, 65_530],
  [42, 1000, 42],
  [42, null, 42],
  [1000, 42, 1000],
  [10, 140_000, 131_082],
  [null, 5, null],
])("hour %s of a log, at an age of %s, is %s", ([hours, age, at]) => {
  expect(unwrapHours(hours, age)).toBe(at);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogPiece } from "../runtimes/runtime.ts";
import { createLineCutter } from "./log-lines.ts";

const at = "2026-11-23T09:00:00.123456789Z ";

function cut(...pieces: (string | Buffer | LogPiece)[]): string[] {
  const lines: string[] = [];
  const cutter = createLineCutter((stream, line) => {
    lines.push((stream === "stderr" ? "!" : "") + line.toString("utf8"));
  });
  for (const piece of pieces) {
    cutter.push(
      typeof piece === "string" || Buffer.isBuffer(piece) ? { stream: "stdout", data: Buffer.from(piece) } : piece,
    );
  }
  cutter.end();
  return lines;
}

describe("lines out of pieces", () => {
  test.each<[string, (string | LogPiece)[], string[]]>([
    ["whole ones", ["a\n", "b\nc\n"], ["a\n", "b\n", "c\n"]],
    ["ones in several pieces", ["a", "b\nc", "d"], ["ab\n", "cd\n"]],
    ["those of a terminal", ["a\r\nb\r", "\n"], ["a\n", "b\n"]],
    ["empty ones", ["\n\n"], ["\n", "\n"]],
    [
      "two streams at once",
      ["out ", { stream: "stderr", data: Buffer.from("err\n") }, "put\n"],
      ["!err\n", "out put\n"],
    ],
  ])("%s", (_, pieces, lines) => {
    expect(cut(...pieces)).toEqual(lines);
  });

  test("however the pieces fall, the lines are the same", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[^\r\n]*$/)), fc.array(fc.nat(40)), (lines, cuts) => {
        const all = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const points = [0, ...cuts.map((one) => one % (all.length + 1)).sort((a, b) => a - b), all.length];
        const pieces = points.slice(1).map((to, i) => all.subarray(points[i], to));
        expect(cut(...pieces).join("")).toBe(all.toString("utf8"));
      }),
    );
  });

  test("an engine's parts of a long line are one line with one time", () => {
    const text = "0123456789abcdef".repeat(2_500);
    const parts = [text.slice(0, 16_384), text.slice(16_384, 32_768), text.slice(32_768)];
    expect(cut(...parts.map((part, i) => at + part + (i === 2 ? "\n" : "")))).toEqual([`${at}${text}\n`]);
  });

  test("of a line without end its beginning is kept, in whole characters, and how much was cut", () => {
    const [line = ""] = cut(at, ...Array.from({ length: 40 }, () => "ü€".repeat(1_000)), "\n");
    expect(Buffer.byteLength(line)).toBeLessThan(65_536);
    expect(line).toMatch(/[ü€] … \(\d+ bytes cut\)\n$/);
    expect(line).not.toContain("\ufffd");
  });
});

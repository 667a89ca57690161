import { describe, expect, test } from "vitest";
import { LogBuffer, type LogLine, visible } from "./log-buffer.ts";

const line = (text: string, at = ""): LogLine => ({ at, stream: "stdout", text });
const texts = (buffer: LogBuffer) => buffer.shown.map(({ text }) => text);

describe("the newest lines", () => {
  test("older ones go", () => {
    const buffer = new LogBuffer(3);
    buffer.add(["a", "b"].map((text) => line(text)));
    buffer.add(["c", "d"].map((text) => line(text)));
    expect(texts(buffer)).toEqual(["b", "c", "d"]);
    buffer.add(["e", "f", "g", "h"].map((text) => line(text)));
    expect(texts(buffer)).toEqual(["f", "g", "h"]);
  });

  test("a filter finds in what is there and in what comes, capitals or not", () => {
    const buffer = new LogBuffer(4);
    buffer.add([line("GET /a"), line("put /b")]);
    buffer.filter("get");
    buffer.add([line("Get /c"), line("x"), line("y")]);
    expect(texts(buffer)).toEqual(["Get /c"]);
    buffer.filter("");
    expect(texts(buffer)).toEqual(["put /b", "Get /c", "x", "y"]);
  });

  test("while held nothing moves; then what waited is there", () => {
    const buffer = new LogBuffer(3);
    buffer.add([line("a", "2026-01-01T00:00:01Z")]);
    buffer.hold(true);
    const before = buffer.shown;
    buffer.add(["b", "c", "d", "e"].map((text) => line(text, "2026-01-01T00:00:02Z")));
    expect(buffer.shown).toBe(before);
    expect([buffer.waiting, buffer.newest]).toEqual([4, "2026-01-01T00:00:02Z"]);
    buffer.hold(false);
    expect(texts(buffer)).toEqual(["c", "d", "e"]);
    expect(buffer.waiting).toBe(0);
  });
});

test.each([
  ["plain", "plain"],
  ["\u001b[1;31mred\u001b[0m", "red"],
  ["a\tb", "a\tb"],
  ["nul \0, bell \u0007, escape \u001b]0;x", "nul ␀, bell ␇, escape ␛]0;x"],
  ["turned \u202eround", "turned \ufffdround"],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

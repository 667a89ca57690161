// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so compose writes its variables
import { expect, test } from "vitest";
import { assignmentsIn, decidingVariable, interpolate, variablesOf } from "./compose-files-variables.ts";

test.for([
  ["plain", "TAG=1\n", { line: 1, value: "1" }],
  ["with others, comments, CRLF", "# TAG=0\r\nA=b c\r\n\r\nTAG=1 # now\r\n", { line: 4, value: "1" }],
  ["export, blanks, double quotes", 'export  TAG = "1.2"\n', { line: 1, value: "1.2" }],
  ["single quotes, a byte order mark", "\uFEFFTAG='1'", { line: 1, value: "1" }],
  ["empty", "TAG=\n", { line: 1, value: "" }],
  ["twice", "TAG=1\nTAG=2\n", null],
  ["by another variable", "TAG=$OTHER\n", null],
  ["an escape", 'TAG="a\\n"\n', undefined],
  ["another's value over lines", 'KEY="-----\nTAG=1\n-----"\n', undefined],
  ["another name", "TAGS=1\n", undefined],
] as const)("an env file: %s", ([, text, expected]) => {
  const found = assignmentsIn(text)?.get("TAG");
  expect(found && { line: found.line, value: found.value }).toEqual(expected);
  if (found) expect(text.slice(found.start, found.end)).toBe(expected?.value);
});

const values: Record<string, string> = { TAG: "1", REPO: "reg.example/app", EMPTY: "" };
const lookUp = (name: string) => values[name];

test.for([
  ["app:1", "app:1"],
  ["app:$TAG", "app:1"],
  ["${REPO}:${TAG}", "reg.example/app:1"],
  ["app:${TAG:-9}", "app:1"],
  ["app:${EMPTY:-9}", "app:9"],
  ["app:${EMPTY-9}", "app:"],
  ["app:${NONE-9}", "app:9"],
  ["app:${NONE}", undefined],
  ["app:${TAG:?say it}", "app:1"],
  ["app:${EMPTY:?say it}", undefined],
  ["app:$$TAG", "app:$TAG"],
  ["app:${TAG:+x}", undefined],
  ["app:${A:-${TAG}}", undefined],
  ["app:${TAG", undefined],
])("%s comes to %s", ([says, expected]) => {
  expect(interpolate(says as string, lookUp)).toBe(expected);
});

test.for([
  ["${IMAGE}", { name: "IMAGE", part: "image", before: "" }],
  ["app:${TAG:-1}", { name: "TAG", part: "tag", before: "app:" }],
  ["${REPO}:$TAG", { name: "TAG", part: "tag", before: "${REPO}:" }],
  ["app:v${TAG}", undefined],
  ["app:${TAG}-alpine", undefined],
  ["${REPO}/app:1", undefined],
  ["${TAG}:${TAG}", undefined],
  ["app:1", undefined],
])("what decides %s", ([says, expected]) => {
  expect(decidingVariable(says as string)).toEqual(expected);
});

test("a form that is not understood has no variables", () => {
  expect(variablesOf("${A}/b:${C}")).toEqual(["A", "C"]);
  expect(variablesOf("${A:-${B}}")).toBeUndefined();
});

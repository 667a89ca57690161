import { expect, test } from "vitest";
import { imageLine } from "./compose-files.ts";

const variable = ["app:$", "{TAG:-1}"].join("");

test.for([
  ["plain", "services:\n  web:\n    image: app:1\n", { line: 3, says: "app:1" }],
  [
    "quoted, with a comment",
    'name: x\nservices:\n  web:\n    # here\n    image: "app:1" # pinned\n',
    { line: 5, says: "app:1" },
  ],
  ["in braces", "services: {web: {image: app:1}}\n", { line: 1, says: "app:1" }],
  ["a variable", `services:\n  web:\n    image: ${variable}\n`, { line: 3, says: variable }],
  ["an alias", "x: &i app:1\nservices:\n  web:\n    image: *i\n", undefined],
  ["built", "services:\n  web:\n    build: .\n", undefined],
  ["another service", "services:\n  db:\n    image: app:1\n", undefined],
  ["no compose file", "- 1\n", undefined],
  ["broken", "services: [\n  web: {{{", undefined],
  ["empty", "", undefined],
] as const)("where the image stands: %s", async ([, text, expected]) => {
  expect(await imageLine(text, "web")).toEqual(expected);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { most, parsePrometheus, sum } from "./prometheus-text.ts";

const wanted = new Set(["a_total", "b"]);

test("samples of the wanted metrics", () => {
  const text = `# HELP a_total Things
# TYPE a_total counter
a_total{api="getobject",path="C:\\\\x \\"y\\"\\n"} 3
a_total{api="put}object", } 4.5e1 1737292715878
b 1
b{} +Inf
b NaN
b{x="1" 7
c 9
a_total_created 9
`;
  const found = parsePrometheus(text, wanted);
  expect(found.get("a_total")).toEqual([
    { labels: { api: "getobject", path: 'C:\\x "y"\n' }, value: 3 },
    { labels: { api: "put}object" }, value: 45 },
  ]);
  expect(found.get("b")).toEqual([
    { labels: {}, value: 1 },
    { labels: {}, value: Number.POSITIVE_INFINITY },
  ]);
  expect([...found.keys()]).toEqual(["a_total", "b"]);
  expect([sum(found.get("a_total")), most(found.get("a_total")), sum(undefined), most(undefined)]).toEqual([
    48,
    45,
    Number.NaN,
    Number.NaN,
  ]);
});

test("gigantic and mangled texts end soon and throw nothing", () => {
  expect(parsePrometheus("b 1\n".repeat(50_000), wanted).get("b")).toHaveLength(20_000);
  expect(parsePrometheus(`b{${'x="y",'.repeat(20_000)}`, wanted).size).toBe(0);
  const piece = fc.constantFrom("a_total", "b", "{", "}", '"', "\\", "=", ",", " ", "1", "\n", "x", "+Inf", "é");
  fc.assert(fc.property(fc.array(piece), (pieces) => void parsePrometheus(pieces.join(""), wanted)));
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { guardCodes } from "../update/plan.ts";
import { knownLabels, readLabels } from "./labels.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/containers-labels.md"), "utf8");
const section = (title: string) => page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
/** Rows of tables whose first cell is code, without the heading. */
const rows = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.slice(2, -2).split(" | "));
const code = (cell = "") => cell.replace(/^`|`$/g, "");
const block = (text: string, kind: string) => `\n${text}`.split(`\n\`\`\`${kind}\n`)[1]?.split("\n```")[0] ?? "";

test("the page has a row for each label that is read, and no other", () => {
  expect(rows(section("Labels")).map(([label]) => code(label))).toEqual(knownLabels);
});

test.for(rows(section("Labels")).map((row) => [code(row[0]), code(row.at(-1))] as const))(
  "the page's example of %s, %s, is read",
  ([label, example]) => {
    const besides = /gate\.(http\.|timeout)/.test(label) ? { "fairlead.gate.http": ":80" } : {};
    expect(readLabels({ ...besides, [label]: example })).not.toEqual(readLabels(besides));
  },
);

test("what wrong values say is what the page has", () => {
  const said = block(section("Labels"), "").split("\n");
  const wrong: Record<string, string>[] = said.map((line) => {
    const [, label = "", value] = /^label "([^"]+)": (?:missing|"(.*?)"): /.exec(line) ?? [];
    if (value === undefined) return { "fairlead.gate.http.contains": "ok" };
    return { ...(label === "fairlead.gate.http.status" ? { "fairlead.gate.http": ":80" } : {}), [label]: value };
  });
  const message = (labels: Record<string, string>) => {
    try {
      return readLabels(labels);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(wrong.map(message)).toEqual(said);
  const spokenOf = new Set(wrong.flatMap((labels) => Object.keys(labels)));
  expect([...spokenOf].sort()).toEqual([...knownLabels].sort());
});

test("the page's compose file asks for what it says", () => {
  type Service = { labels: Record<string, string> | string[] };
  const { services } = parse(block(section("In a compose file"), "yaml")) as { services: Record<string, Service> };
  const wishes = Object.entries(services).map(([name, { labels }]) => {
    const entries = Array.isArray(labels) ? labels.map((line) => line.split("=") as [string, string]) : labels;
    return [name, readLabels(Array.isArray(entries) ? Object.fromEntries(entries) : entries)];
  });
  expect(Object.fromEntries(wishes)).toMatchObject({
    db: {
      update: "manual",
      stableSeconds: 30,
      gates: [{ kind: "exec", command: ["pg_isready", "-U", "postgres"], timeoutSeconds: 120 }],
      backup: { volumes: true, dump: true, keepDays: 14 },
    },
    web: { gates: [{ port: 8080, path: "/healthz", status: "200", contains: '"up":true' }], composeFile: "edit" },
    proxy: { update: "never", gates: [{ kind: "tcp", port: 443 }] },
  });
});

test("the page has a row for each guard", () => {
  expect(
    rows(section("Guards"))
      .map(([guard]) => code(guard))
      .sort(),
  ).toEqual([...guardCodes].sort());
});

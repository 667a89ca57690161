// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so compose writes its variables
import { expect, test } from "vitest";
import { rootedHost } from "../../../tests/rooted-host.ts";
import { isWhole, locate, readProject, sharedBy } from "./compose-files-locate.ts";
import { modeFor } from "./compose-files-mode.ts";

const one = "services:\n  web:\n    image: app:1\n";
const taggedBy = (says: string) => `services:\n  web:\n    image: ${says}\n`;

/** The project that consists of these files, those named *.env as its env files. */
async function read(files: Record<string, string>) {
  const host = rootedHost(Object.fromEntries(Object.entries(files).map(([name, text]) => [`/srv/${name}`, text])));
  const paths = (isEnv: boolean) =>
    Object.keys(files).filter((name) => name.endsWith("env") === isEnv && name !== ".env");
  const inside = (names: string[]) => names.map((name) => `/srv/${name}`);
  return await readProject(
    { name: "x", folder: "/srv", files: inside(paths(false)), envFiles: inside(paths(true)) },
    host,
  );
}

test.for<[string, Record<string, string>, unknown]>([
  ["one file", { "a.yaml": one }, { target: { file: "/srv/a.yaml", line: 3, from: "app:1", to: "app:2" } }],
  ["the last of two", { "a.yaml": one, "b.yaml": taggedBy("app:7") }, { file: "/srv/b.yaml", current: "app:7" }],
  ["the last that names one", { "a.yaml": one, "b.yaml": "services: {web: {init: true}}" }, { file: "/srv/a.yaml" }],
  [
    "a later one that can't be read",
    { "a.yaml": one, "b.yaml": "services: {" },
    { current: "app:1", obstacle: "/srv/b.yaml can't be read" },
  ],
  [
    "a later one that extends",
    { "a.yaml": one, "b.yaml": "services: {web: {extends: base}}" },
    "/srv/b.yaml:1: the service web takes its image from what it extends",
  ],
  [
    "an included one",
    { "a.yaml": "include: [b.yaml]\nservices: {db: {image: x}}" },
    "/srv/a.yaml: the service web may be in a file that it includes",
  ],
  ["none", { "a.yaml": "services: {db: {image: x}}" }, undefined],
  [
    "a tag in .env",
    { "a.yaml": taggedBy("app:${TAG:-0}"), ".env": "TAG=1\n" },
    { current: "app:1", target: { file: "/srv/.env", line: 1, variable: "TAG", from: "1", to: "2" } },
  ],
  [
    "an image in the last of two env files",
    { "a.yaml": taggedBy("${IMAGE}"), "a.env": "IMAGE=app:0", "b.env": "X=1\nIMAGE=app:1" },
    { current: "app:1", target: { file: "/srv/b.env", line: 2, variable: "IMAGE", from: "app:1", to: "app:2" } },
  ],
  [
    "a default",
    { "a.yaml": taggedBy("app:${TAG:-1}") },
    { current: "app:1", obstacle: "TAG is not plainly said in an env file of the project" },
  ],
  [
    "a part of a tag",
    { "a.yaml": taggedBy("app:v${TAG}"), ".env": "TAG=1" },
    { current: "app:v1", obstacle: "no variable is the whole of its image or of its tag" },
  ],
  [
    "another repository",
    { "a.yaml": taggedBy("${REPO}:${TAG}"), ".env": "REPO=other\nTAG=1" },
    { current: "other:1", obstacle: "TAG is its tag alone" },
  ],
  [
    "the shell's variable",
    { "a.yaml": taggedBy("app:${TAG}") },
    { current: undefined, obstacle: "TAG is not plainly said in an env file of the project" },
  ],
])("where the image of a service stands: %s", async ([, files, expected]) => {
  const found = locate(await read(files), "web", "app:2");
  if (typeof expected === "object") expect(found).toMatchObject(expected as object);
  else expect(found).toBe(expected);
});

test.for<[string, Record<string, string>, string | undefined]>([
  ["alone", { "a.yaml": taggedBy("app:$TAG") }, undefined],
  ["another image", { "a.yaml": `${taggedBy("app:$TAG")}  db: {image: "db:$TAG"}\n` }, "the service db uses TAG too"],
  [
    "another file's command",
    { "a.yaml": taggedBy("app:$TAG"), "b.yaml": "services: {db: {command: [$TAG]}}" },
    "/srv/b.yaml uses TAG for more than images",
  ],
  [
    "handed on",
    { "a.yaml": `${taggedBy("app:$TAG")}    env_file: ./.env\n` },
    "/srv/a.yaml hands it on to services as env_file",
  ],
  [
    "included files",
    { "a.yaml": `include: [c.yaml]\n${taggedBy("app:$TAG")}` },
    "/srv/a.yaml includes other files, which may use TAG too",
  ],
])("what else a variable decides: %s", async ([, files, expected]) => {
  expect(sharedBy(await read(files), "/srv/.env", "TAG", new Set(["web"]))).toBe(expected);
});

test("a project is whole when all that its labels name could be read", async () => {
  expect(isWhole(await read({ "a.yaml": one, "a.env": "A=1" }))).toBe(true);
  expect(isWhole(await read({ "a.yaml": one, "b.yaml": "root:x:0" }))).toBe(false);
  const read2 = await read({ "a.yaml": one });
  expect(isWhole({ ...read2, project: { ...read2.project, envFiles: ["/dev/zero"] } })).toBe(false);
});

test.for([
  [undefined, undefined, "warn"],
  ["warn", "ignore", "ignore"],
  ["edit", undefined, "edit"],
  ["edit", "warn", "warn"],
  ["edit", "ignore", "ignore"],
  ["labelled", undefined, "warn"],
  ["labelled", "edit", "edit"],
  ["ignore", "edit", "ignore"],
] as const)("settings %s and label %s: %s", ([setting, label, expected]) => {
  expect(modeFor(setting, label)).toEqual({ mode: expected });
});

test("a label alone opens no file", () => {
  expect(modeFor("warn", "edit").obstacle).toContain("composeFiles");
});

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createHost } from "../../host/host.ts";
import { createLog } from "../../log.ts";
import type { JournalEntry } from "../journal.ts";
import type { ComposeEdit } from "./compose-files.ts";
import { readPlace } from "./compose-files-place.ts";
import { writeComposeFiles } from "./compose-files-write.ts";

const text = "services:\n  web:\n    image: app:1\n";
const written = "services:\n  web:\n    image: app:2\n";
const isRoot = process.getuid?.() === 0;
const context = {
  host: createHost(),
  entry: { id: "0b5c0a7e-0000-4000-8000-000000000001" } as JournalEntry,
  log: createLog("error", { write: () => {} }),
};

/** A file in a folder of its own. */
function made(content = text): { folder: string; file: string; edit: ComposeEdit } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "fairlead-place-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "compose.yaml");
  writeFileSync(file, content);
  return { folder, file, edit: { containers: ["web"], service: "web", file, line: 3, from: "app:1", to: "app:2" } };
}

const write = async (edit: ComposeEdit) => await writeComposeFiles([edit], context);

function mount(...args: string[]): void {
  execFileSync("mount", args);
  onTestFinished(() => void execFileSync("umount", ["-l", args.at(-1) as string]));
}

test("a line is written once; again it is found written, and what a crash left beside is taken away", async () => {
  const { folder, file, edit } = made();
  writeFileSync(join(folder, `.fairlead-${context.entry.id}.tmp`), "half");
  for (const _ of [1, 2]) {
    expect(await write(edit)).toEqual({ edited: [{ ...edit, changed: true }], warnings: [] });
    expect(readFileSync(file, "utf8")).toBe(written);
    expect(readdirSync(folder)).toEqual(["compose.yaml"]);
    writeFileSync(join(folder, "compose.yaml"), readFileSync(file));
  }
});

test.skipIf(!isRoot)("owner and mode stay", async () => {
  const { folder, file, edit } = made();
  chmodSync(file, 0o640);
  chownSync(file, 1234, 2345);
  chownSync(folder, 1234, 0);
  expect((await write(edit)).warnings).toEqual([]);
  const { uid, gid, mode } = statSync(file);
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1234, gid: 2345, mode: 0o640 });
  expect(readFileSync(file, "utf8")).toBe(written);
});

test("a link is followed, and stays one", async () => {
  const { folder, file, edit } = made();
  const link = join(folder, "link.yaml");
  symlinkSync("compose.yaml", link);
  expect((await write({ ...edit, file: link })).edited).toMatchObject([{ changed: true }]);
  expect(readFileSync(file, "utf8")).toBe(written);
  expect(
    readdirSync(folder, { withFileTypes: true })
      .find(({ name }) => name === "link.yaml")
      ?.isSymbolicLink(),
  ).toBe(true);
});

test.for([
  ["says something else by now", "services:\n  web:\n    image: app:7\n", "it says something else by now"],
  ["has no such service", "services:\n  db:\n    image: app:1\n", "it says something else by now"],
  ["is shared by now", "services:\n  web: &w\n    image: app:1\n  db: *w\n", "others have it by *w"],
  ["is no compose file", "root:x:0:0::/root:/bin/sh\n", "it says something else by now"],
  ["is not UTF-8", Buffer.from([0x73, 0xff, 0xfe]), "not UTF-8"],
  ["is large", Buffer.alloc(200_000, "#"), "no small regular file"],
] as const)("one that %s is left alone", async ([, content, reason]) => {
  const { folder, file, edit } = made();
  writeFileSync(file, content);
  const { edited, warnings } = await write(edit);
  expect(edited).toEqual([{ ...edit, changed: false, reason }]);
  expect(warnings).toEqual([
    `${file}:3 still says image: app:1 (not edited: ${reason}): write app:2 there, else the next "docker compose up" goes back`,
  ]);
  expect(readFileSync(file)).toEqual(Buffer.from(content));
  expect(readdirSync(folder)).toEqual(["compose.yaml"]);
});

type Made = ReturnType<typeof made>;

test.for<[string, (made: Made) => void, string]>([
  ["anyone may write", ({ file }) => chmodSync(file, 0o666), "others may write it, or its folder"],
  ["lies where anyone may write", ({ folder }) => chmodSync(folder, 0o1777), "others may write it, or its folder"],
  [
    "has a second name",
    ({ folder, file }) => linkSync(file, join(folder, "other")),
    "it has several names (hard links)",
  ],
  [
    "is another user's than its folder",
    ({ file }) => isRoot && chownSync(file, 1234, 0),
    "it belongs to another user than its folder",
  ],
  ["is mounted alone", ({ file }) => isRoot && mount("--bind", file, file), "it is mounted there as a single file"],
  [
    "lies where nothing can be written",
    ({ folder }) => {
      if (!isRoot) return;
      mount("--bind", folder, folder);
      execFileSync("mount", ["-o", "remount,bind,ro", folder]);
    },
    "the agent may not write there (EROFS): ReadWritePaths=",
  ],
])("a file that %s is not written", async ([name, change, reason], { skip }) => {
  skip(!isRoot && !/anyone|second/.test(name), "needs root");
  const { file, edit, ...rest } = made();
  change({ file, edit, ...rest });
  const { edited } = await write(edit);
  expect(edited[0]?.reason).toContain(reason);
  expect(readFileSync(file, "utf8")).toBe(text);
  // A plan tells it before, but for what only the attempt shows.
  const place = await readPlace(context.host, file);
  if (name !== "is mounted alone") expect(place?.refusal).toContain(reason);
});

test.for([
  ["a device", "/dev/zero"],
  ["kernel files", "/proc/self/environ"],
  ["a folder", "/etc"],
  ["nothing", "/nowhere/x"],
])("%s is not read", async ([, path = ""]) => {
  expect((await readPlace(context.host, path))?.refusal ?? "not there").toMatch(/not there|no file on a disk/);
});

test("a pipe that nobody writes to does not hold it up", async () => {
  const { folder, edit } = made();
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(await readPlace(context.host, pipe)).toBeUndefined();
  expect((await write({ ...edit, file: pipe })).edited[0]?.reason).toBe("no small regular file");
});

test("a variable of an env file", async () => {
  const { folder, edit } = made();
  const env = join(folder, ".env");
  writeFileSync(env, '# tags\r\nTAG="1" # now\r\nKEY=a b');
  const change: ComposeEdit = { ...edit, file: env, variable: "TAG", from: "1", to: "2" };
  expect((await write(change)).edited).toMatchObject([{ line: 2, changed: true }]);
  expect(readFileSync(env, "utf8")).toBe('# tags\r\nTAG="2" # now\r\nKEY=a b');
  expect((await write(change)).edited).toMatchObject([{ changed: true }]);
  expect((await write({ ...change, from: "1", to: "3" })).edited).toMatchObject([{ changed: false }]);
  expect((await write({ ...change, from: "2", to: "x\nPATH=/evil" })).edited).toMatchObject([{ changed: false }]);
});

import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { complaintOf, recipes } from "./dump.ts";

/** Runs a script with tools that tell how they were called; `files`: what the variables' paths lead to. */
function called(script: string, env: Record<string, string>, files: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-mongo-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const tool of ["mongodump", "mongorestore"]) {
    const path = join(folder, tool);
    writeFileSync(
      path,
      'echo "args: $*"; for a in "$@"; do case $a in --config=*) echo "config: $(cat "$(echo "$a" | cut -d= -f2)")";; esac; done\n',
    );
    chmodSync(path, 0o755);
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const paths = Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, name)]));
  const temporary = mkdtempSync(join(folder, "tmp-"));
  const text = execFileSync("sh", ["-c", script], {
    env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: temporary, ...env, ...paths },
    encoding: "utf8",
  });
  const [args = "", config = ""] = text.trim().split("\n");
  expect(readdirSync(temporary)).toEqual([]);
  return { args: args.replace(/--config=\S+/, "--config=FILE"), config };
}

const { dump, load = "" } = recipes.mongodb;
const withUser = (user: string) => `--archive --config=FILE --username=${user} --authenticationDatabase=admin`;

// Tried with mongodump and mongorestore of July 2024 against a server that wants a login.
test.each<[what: string, env: Record<string, string>, files: Record<string, string>, args: string, config: string]>([
  ["a server without users", {}, {}, "--archive", ""],
  [
    "a password with signs of YAML and the shell",
    { MONGO_INITDB_ROOT_USERNAME: "admin", MONGO_INITDB_ROOT_PASSWORD: `a'b: #"$x` },
    {},
    withUser("admin"),
    `config: password: 'a''b: #"$x'`,
  ],
  [
    "user and password from files",
    {},
    { MONGO_INITDB_ROOT_USERNAME_FILE: "keeper\n", MONGO_INITDB_ROOT_PASSWORD_FILE: "secret" },
    withUser("keeper"),
    "config: password: 'secret'",
  ],
  [
    "a password alone is root's",
    { MONGODB_ROOT_PASSWORD: "secret" },
    {},
    withUser("root"),
    "config: password: 'secret'",
  ],
])("MongoDB's tools: %s", (_, env, files, args, config) => {
  expect(called(dump, env, files)).toEqual({ args: `args: ${args}`.trim(), config });
  expect(called(load, env, files)).toEqual({ args: `args: ${args} --drop`, config });
});

test.each([
  [
    // Said by mongorestore.
    "2026-11-23T11:25:39.204+0000\tassuming users in the dump directory are from <= 2.4 (auth version 1)\n2026-11-23T11:25:39.210+0000\tFailed: cannot restore users of auth version 1\n2026-11-23T11:25:39.210+0000\t0 document(s) restored successfully. 0 document(s) failed to restore.\n",
    "cannot restore users of auth version 1",
  ],
  ["pg_dumpall: error:  connection failed\n\n", "pg_dumpall: error: connection failed"],
  ["", ""],
])("why a tool failed", (text, expected) => {
  expect(complaintOf(text)).toBe(expected);
});

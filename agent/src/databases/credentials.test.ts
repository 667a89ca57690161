import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCredentials, parseCredentials } from "./credentials.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fairlead-credentials-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test("kept for its owner alone, seen by another store of the folder, forgotten", () => {
  const state = folder();
  const [writer, reader] = [openCredentials(state), openCredentials(state)];
  expect(reader.all().size).toBe(0);
  writer.set("redis:a", { user: "u", password: "p" });
  expect(statSync(join(state, "databases.json")).mode & 0o777).toBe(0o600);
  expect(reader.all().get("redis:a")).toEqual({ user: "u", password: "p" });
  writer.set("redis:b", { password: "q" });
  writer.set("redis:a", undefined);
  expect([...reader.all().keys()]).toEqual(["redis:b"]);
  expect(readFileSync(join(state, "databases.json"), "utf8")).not.toContain('"p"');
});

test("a damaged file holds none, and can be written again", () => {
  const state = folder();
  writeFileSync(join(state, "databases.json"), '{"version":1,"credentials":{"a":{"password":');
  const store = openCredentials(state);
  expect(store.all().size).toBe(0);
  store.set("redis:a", { password: "p" });
  expect(store.all().size).toBe(1);
});

test.each<[json: string, expected: unknown]>([
  [
    '{"user":"u","password":"p","database":null,"tls":{"mode":"require","ca":null}}',
    { user: "u", password: "p", tls: { mode: "require" } },
  ],
  ["{}", {}],
])("%s", (json, expected) => expect(parseCredentials(json)).toEqual(expected));

test.each([
  ["hidden7", "sealed: holds no JSON: send it again"],
  ['{"password":7}', "password: not valid: give user, password, database and tls {mode, ca, serverName}"],
  ['{"tls":{"mode":"verify-full","serverName":"hidden7:5432"}}', "tls.serverName: not valid: give"],
  ['{"tls":{"mode":"hidden7"}}', "tls.mode: not valid: give"],
  ['{"pasword":"hidden7"}', "pasword: not valid: give"],
  ['["hidden7"]', "sealed: not valid: give"],
])("%s is refused without being shown", (json, message) => {
  expect(() => parseCredentials(json)).toThrow(message);
  expect(() => parseCredentials(json)).not.toThrow(/hidden7/);
});

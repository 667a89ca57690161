import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { rotateKeys } from "../cli/rotate-keys.ts";
import { systemActor } from "../context.ts";
import { createSecretStore } from "./create-secret-store.ts";
import { freshKey, loadKeyring } from "./keyring.ts";
import { rotateMasterKey } from "./rotate-master-key.ts";

const ref = { ownerKind: "receiver", ownerId: "r1", name: "password" };
const text = "correct horse battery staple";
const now = () => new Date("2026-01-01T00:00:00Z");

let base: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  base = await testDatabase();
});
afterAll(() => base.close());
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "fairlead-secrets-"));
  await base.db.deleteFrom("secret").execute();
  await base.db.deleteFrom("audit_log").execute();
  return () => rmSync(dataDir, { recursive: true });
});

async function openStore() {
  const keyring = await loadKeyring({ dataDir, db: base.db });
  return { keyring, store: createSecretStore({ db: base.db, keyring, now }) };
}
const row = () => base.db.selectFrom("secret").selectAll().executeTakeFirstOrThrow();
const opened = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

test("a secret comes back, replaced and removed, and each read leaves an audit row", async () => {
  const { store } = await openStore();
  expect(await store.read(ref, systemActor, "test")).toBeUndefined();
  await store.put(ref, Buffer.from("first"));
  await store.put(ref, Buffer.from(text));
  expect(opened(await store.read(ref, systemActor, "sign in at the mail server"))).toBe(text);
  const audits = await base.db.selectFrom("audit_log").selectAll().execute();
  expect(audits).toMatchObject([
    { action: "secret.read", target_id: "r1", detail: { name: "password", purpose: "sign in at the mail server" } },
  ]);
  expect(JSON.stringify([audits, await row()])).not.toContain(text);
  expect((await row()).ciphertext.includes(text)).toBe(false);
  await store.remove(ref);
  expect(await store.read(ref, systemActor, "test")).toBeUndefined();
});

test("one changed byte anywhere keeps it shut, and the error holds no secret", async () => {
  const { store } = await openStore();
  await store.put(ref, Buffer.from(text));
  const good = await row();
  for (const column of ["wrapped_key", "ciphertext"] as const) {
    for (let i = 0; i < good[column].length; i++) {
      const bad = Buffer.from(good[column]);
      bad[i] = bad[i]! ^ 1;
      await base.db.updateTable("secret").set(column, bad).execute();
      const error = await store.read(ref, systemActor, "test").catch((e: Error) => e);
      expect(error, `${column}[${i}]`).toBeInstanceOf(Error);
      expect(String((error as Error).stack)).not.toContain(text);
    }
    await base.db.updateTable("secret").set(column, good[column].subarray(0, 5)).execute();
    await expect(store.read(ref, systemActor, "test")).rejects.toThrow("malformed");
    await base.db.updateTable("secret").set(column, good[column]).execute();
  }
  expect(opened(await store.read(ref, systemActor, "test"))).toBe(text);
});

test("a row moved to another owner or put in place of another stays shut", async () => {
  const { store } = await openStore();
  const other = { ...ref, ownerId: "r2" };
  await store.put(ref, Buffer.from("one"));
  const one = await row();
  await base.db.updateTable("secret").set({ owner_id: "r2" }).execute();
  await expect(store.read(other, systemActor, "test")).rejects.toThrow("secret password of receiver r2");
  await store.put(other, Buffer.from("two"));
  await base.db.updateTable("secret").set({ wrapped_key: one.wrapped_key, ciphertext: one.ciphertext }).execute();
  await expect(store.read(other, systemActor, "test")).rejects.toThrow("do not open");
});

test("rotation drops the old key, opens everything, and goes on after a crash at any point", async () => {
  const { keyring, store } = await openStore();
  for (let i = 0; i < 3; i++) await store.put({ ...ref, name: `s${i}` }, Buffer.from(`value ${i}`));
  const old = keyring.current().id;
  // Crash 1: after the new key was written. Crash 2: after one row was rewrapped.
  keyring.replace?.([freshKey(), ...keyring.keys()]);
  const second = await openStore();
  expect(opened(await second.store.read({ ...ref, name: "s0" }, systemActor, "test"))).toBe("value 0");
  await second.store.put({ ...ref, name: "s1" }, Buffer.from("value 1"));
  const lines: string[] = [];
  await rotateKeys({
    config: { dataDir, masterKey: undefined },
    databaseUrl: base.url,
    now,
    print: (l) => lines.push(l),
  });
  expect(lines[0]).toMatch(/^3 secrets/);
  const third = await openStore();
  expect(third.keyring.keys()).toHaveLength(1);
  expect(third.keyring.find(old)).toBeUndefined();
  // The server that ran all along reads and seals with the new key.
  for (const each of [store, third.store])
    for (let i = 0; i < 3; i++)
      expect(opened(await each.read({ ...ref, name: `s${i}` }, systemActor, "test"))).toBe(`value ${i}`);
  await store.put(ref, Buffer.from(text));
  expect(opened(await third.store.read(ref, systemActor, "test"))).toBe(text);
});

test("secrets sealed while keys rotate all open afterwards", async () => {
  const { store } = await openStore();
  const { keyring } = await openStore();
  let rotating = true;
  const rotation = (async () => {
    for (let i = 0; i < 5; i++) await rotateMasterKey({ db: base.db, keyring, now });
    rotating = false;
  })();
  let count = 0;
  while (rotating) await store.put({ ...ref, name: `n${count++}` }, Buffer.from("x"));
  await rotation;
  const fresh = await openStore();
  for (let i = 0; i < count; i++)
    expect(opened(await fresh.store.read({ ...ref, name: `n${i}` }, systemActor, "test"))).toBe("x");
});

test("the key file is made once, 0600, and a wrong one stops the start with one line", async () => {
  const made = await Promise.all([loadKeyring({ dataDir }), loadKeyring({ dataDir })]);
  expect(made[0].current().id).toBe(made[1].current().id);
  const file = join(dataDir, "master.key");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const good = readFileSync(file, "utf8");
  const { store } = await openStore();
  await store.put(ref, Buffer.from(text));

  chmodSync(file, 0o640);
  await expect(loadKeyring({ dataDir })).rejects.toThrow(
    `${file}: others may read it (mode 0640); run chmod 600 on it`,
  );
  chmodSync(file, 0o600);
  for (const [bad, why] of [
    ["", "holds no key"],
    ["c2hvcnQ=\n", "key 1 is malformed"],
    [`${good}nonsense\n`, "key 2 is malformed"],
  ] as const) {
    writeFileSync(file, bad);
    await expect(loadKeyring({ dataDir })).rejects.toThrow(why);
  }
  rmSync(file);
  await expect(loadKeyring({ dataDir, db: base.db })).rejects.toThrow("is missing, but the database holds secrets");
  const other = Buffer.from(freshKey().bytes).toString("base64");
  await expect(loadKeyring({ dataDir, masterKey: other, db: base.db })).rejects.toThrow("lacks master key");
  const same = good.split("\n")[1]!;
  const ring = await loadKeyring({ dataDir, masterKey: `${other},${same}`, db: base.db });
  expect(opened(await createSecretStore({ db: base.db, keyring: ring, now }).read(ref, systemActor, "test"))).toBe(
    text,
  );
});

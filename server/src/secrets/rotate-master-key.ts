import { type Kysely, sql } from "kysely";
import { ConfigError } from "../config.ts";
import type { Database } from "../db/schema.ts";
import { createSecretStore, keyLock, rewrapBatch } from "./create-secret-store.ts";
import { freshKey, type Keyring } from "./keyring.ts";

export type Rotation = { keyId: string; rewrapped: number; dropped: readonly string[] };

/**
 * Puts a new master key first, rewraps every secret with it, then lets the old keys go. It may stop anywhere: the old
 * keys stay in the ring until no row needs them, and the next run goes on. Servers may run meanwhile: they read the
 * file again when they seal or meet an unknown key. A ring from the environment is not changed: its first key is the new one.
 */
export async function rotateMasterKey(options: {
  db: Kysely<Database>;
  keyring: Keyring;
  now: () => Date;
}): Promise<Rotation> {
  return options.db.transaction().execute(async (guard) => {
    const { rows } = await sql<{ free: boolean }>`SELECT pg_try_advisory_xact_lock(${rotationLock}) AS free`.execute(
      guard,
    );
    if (rows[0]?.free !== true) throw new ConfigError("another key rotation runs on this database; wait for its end");
    return rotate(options);
  });
}

/** Held while a rotation runs: two of them would let go of each other's key. */
const rotationLock = 0x5ea1ee;

async function rotate(options: { db: Kysely<Database>; keyring: Keyring; now: () => Date }): Promise<Rotation> {
  const { db, keyring, now } = options;
  keyring.refresh();
  keyring.replace?.([freshKey(), ...keyring.keys()]);
  let rewrapped = await createSecretStore(options).rotate();
  // Whoever sealed with an old key meanwhile holds the lock shared until its row is there to be seen.
  rewrapped += await db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(${keyLock})`.execute(trx);
    return rewrapBatch(trx, keyring, now(), undefined);
  });
  const old = keyring.keys().slice(1);
  keyring.replace?.([keyring.current()]);
  return { keyId: keyring.current().id, rewrapped, dropped: old.map((key) => key.id) };
}

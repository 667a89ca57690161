import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Actor } from "../context.ts";
import type { Database } from "../db/schema.ts";
import { recordAudit } from "../services/audit/record.ts";
import type { Keyring } from "./keyring.ts";
import { open, rewrap, SealBroken, type Sealed, seal } from "./seal.ts";
import type { SecretRef, SecretStore } from "./secret-store.ts";

/** Held shared while a secret is sealed and whole while old keys are let go: no row is sealed by a key just dropped. */
export const keyLock = 0x5ea1ed;

const batch = 100;

/** The store over the `secret` table. Its errors name the owner and the key's fingerprint, never a content. */
export function createSecretStore({
  db,
  keyring,
  now,
}: {
  db: Kysely<Database>;
  keyring: Keyring;
  now: () => Date;
}): SecretStore {
  async function put(ref: SecretRef, value: Uint8Array, trx: Kysely<Database>): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock_shared(${keyLock})`.execute(trx);
    keyring.refresh();
    const id = randomUUID();
    const sealed = seal(keyring.current(), { ...ref, id }, value);
    const columns = {
      id,
      key_id: sealed.keyId,
      wrapped_key: sealed.wrappedKey,
      ciphertext: sealed.ciphertext,
      created_at: now(),
      rotated_at: null,
    };
    await trx
      .insertInto("secret")
      .values({ ...columns, owner_kind: ref.ownerKind, owner_id: ref.ownerId, name: ref.name })
      .onConflict((c) => c.columns(["owner_kind", "owner_id", "name"]).doUpdateSet(columns))
      .execute();
  }

  async function read(ref: SecretRef, actor: Actor, purpose: string): Promise<Uint8Array | undefined> {
    const row = await db
      .selectFrom("secret")
      .select(["id", "key_id", "wrapped_key", "ciphertext"])
      .where("owner_kind", "=", ref.ownerKind)
      .where("owner_id", "=", ref.ownerId)
      .where("name", "=", ref.name)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    await recordAudit(db, actor, {
      action: "secret.read",
      targetKind: ref.ownerKind,
      targetId: ref.ownerId,
      detail: { name: ref.name, purpose },
    });
    const sealed = { keyId: row.key_id, wrappedKey: row.wrapped_key, ciphertext: row.ciphertext };
    return openRow(keyring, { ...ref, id: row.id }, sealed);
  }

  return {
    put: (ref, value, trx) =>
      trx === undefined ? db.transaction().execute((own) => put(ref, value, own)) : put(ref, value, trx),
    read,
    async remove(owner, trx) {
      await (trx ?? db)
        .deleteFrom("secret")
        .where("owner_kind", "=", owner.ownerKind)
        .where("owner_id", "=", owner.ownerId)
        .execute();
    },
    async rotate() {
      keyring.refresh();
      let total = 0;
      for (;;) {
        const done = await db.transaction().execute((trx) => rewrapBatch(trx, keyring, now(), batch));
        if (done === 0) return total;
        total += done;
      }
    },
  };
}

/** Rewraps up to `limit` rows that another key than the newest holds; returns how many. Throws at a row that does not open. */
export async function rewrapBatch(
  trx: Kysely<Database>,
  keyring: Keyring,
  now: Date,
  limit: number | undefined,
): Promise<number> {
  const to = keyring.current();
  let query = trx
    .selectFrom("secret")
    .select(["id", "owner_kind", "owner_id", "name", "key_id", "wrapped_key"])
    .where("key_id", "<>", to.id)
    .orderBy("id")
    .forUpdate();
  if (limit !== undefined) query = query.limit(limit);
  const rows = await query.execute();
  for (const row of rows) {
    const ref = { ownerKind: row.owner_kind, ownerId: row.owner_id, name: row.name };
    const from = keyring.find(row.key_id);
    if (from === undefined) throw unknownKey(ref, row.key_id, keyring);
    let wrapped: Buffer;
    try {
      wrapped = rewrap(from, to, { ...ref, id: row.id }, row.wrapped_key);
    } catch (error) {
      throw broken(ref, error);
    }
    await trx
      .updateTable("secret")
      .set({ key_id: to.id, wrapped_key: wrapped, rotated_at: now })
      .where("id", "=", row.id)
      .execute();
  }
  return rows.length;
}

function openRow(keyring: Keyring, binding: SecretRef & { id: string }, sealed: Sealed): Buffer {
  if (keyring.find(sealed.keyId) === undefined) keyring.refresh();
  const key = keyring.find(sealed.keyId);
  if (key === undefined) throw unknownKey(binding, sealed.keyId, keyring);
  try {
    return open(key, binding, sealed);
  } catch (error) {
    throw broken(binding, error);
  }
}

function unknownKey(ref: SecretRef, keyId: string, keyring: Keyring): Error {
  return new Error(`open ${describe(ref)}: master key ${keyId} is not in ${keyring.source}`);
}

function broken(ref: SecretRef, error: unknown): Error {
  const why = error instanceof SealBroken ? error.message : "failed";
  return new Error(`open ${describe(ref)}: ${why} (changed, moved, or another key)`);
}

function describe(ref: SecretRef): string {
  return `secret ${ref.name} of ${ref.ownerKind} ${ref.ownerId}`;
}

import type { Kysely } from "kysely";
import type { Actor } from "../context.ts";
import type { Database } from "../db/schema.ts";

/** What a secret belongs to: ("receiver", id, "password"), ("certificate_authority", id, "private_key"). */
export type SecretRef = { ownerKind: string; ownerId: string; name: string };

/** Sealed at rest: AES-256-GCM with a data key a record, wrapped by the master key; the row id is associated data. */
export type SecretStore = {
  /** Seals and stores, replacing an earlier value; within the caller's transaction where one is given. */
  put(ref: SecretRef, value: Uint8Array, transaction?: Kysely<Database>): Promise<void>;
  /** Opens it, writing an audit row; undefined where there is none. */
  read(ref: SecretRef, actor: Actor, purpose: string): Promise<Uint8Array | undefined>;
  /** Removes all secrets of the owner. */
  remove(owner: { ownerKind: string; ownerId: string }, transaction?: Kysely<Database>): Promise<void>;
  /** Rewraps every data key with the newest master key; returns how many. */
  rotate(): Promise<number>;
};

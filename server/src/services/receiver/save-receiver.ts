import type { Kysely } from "kysely";
import type { Context } from "../../context.ts";
import type { Database } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { invalidInput } from "../../field-errors.ts";
import { findNotifier } from "../../notifiers/index.ts";

/** Secrets by name; null removes one. */
export type SecretInput = Readonly<Record<string, string | null | undefined>>;

/** Settings of that kind with their defaults. Throws invalid; a message never holds a value of a secret. */
export function parseConfig(kind: string, config: unknown): Record<string, unknown> {
  const notifier = findNotifier(kind);
  if (notifier === undefined) throw new Failure("invalid", `kind ${kind} is not known`);
  const parsed = notifier.config.safeParse(config);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw invalidInput(parsed.error, config, notifier.config, "config");
}

/** Seals the given secrets within the transaction. Throws invalid for a name that the kind does not have. */
export async function saveSecrets(
  context: Pick<Context, "secrets">,
  trx: Kysely<Database>,
  receiver: { id: string; kind: string },
  secrets: SecretInput,
): Promise<void> {
  const known = Object.keys(findNotifier(receiver.kind)?.secrets ?? {});
  for (const [name, value] of Object.entries(secrets)) {
    if (!known.includes(name)) {
      const message = `is no secret of ${receiver.kind}; it has ${known.join(", ")}`;
      throw new Failure("invalid", `secrets.${name} ${message}`, { fields: [{ field: `secrets.${name}`, message }] });
    }
    if (value === undefined) continue;
    if (value !== null) {
      // It may go into a header.
      if (/\p{Cc}/u.test(value)) {
        const message = "may hold no line break or other control character: take it out";
        throw new Failure("invalid", `secrets.${name} ${message}`, { fields: [{ field: `secrets.${name}`, message }] });
      }
      const ref = { ownerKind: "receiver", ownerId: receiver.id, name };
      await context.secrets.put(ref, Buffer.from(value, "utf8"), trx);
      continue;
    }
    await trx
      .deleteFrom("secret")
      .where("owner_kind", "=", "receiver")
      .where("owner_id", "=", receiver.id)
      .where("name", "=", name)
      .execute();
  }
}

/** Throws conflict where another receiver has that name. */
export async function checkName(trx: Kysely<Database>, name: string, id: string | undefined): Promise<void> {
  const same = await trx.selectFrom("receiver").select("id").where("name", "=", name).executeTakeFirst();
  if (same === undefined || same.id === id) return;
  throw new Failure("conflict", `There is a receiver named "${name}" already: take another name`, {
    fields: [{ field: "name", value: name, message: "is taken: take another name" }],
  });
}

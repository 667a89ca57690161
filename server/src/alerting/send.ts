import { type Actor, type Context, systemActor } from "../context.ts";
import type { Message } from "../domain/alerts/message.ts";
import { findNotifier } from "../notifiers/index.ts";
import { type Outcome, type Secrets, safeReason } from "../notifiers/notifier.ts";

/** What sending needs of a receiver's row. */
export type Receiver = { id: string; name: string; kind: string; config: unknown; enabled: boolean };

/** One attempt to send the message to the receiver. Throws nothing: what failed is in the outcome. */
export async function sendMessage(
  context: Pick<Context, "config" | "secrets" | "now">,
  receiver: Receiver,
  message: Message,
  options: { idempotencyKey: string; signal: AbortSignal; actor?: Actor },
): Promise<Outcome> {
  if (!receiver.enabled && !message.test) return { permanent: "receiver is switched off" };
  const notifier = findNotifier(receiver.kind);
  if (notifier === undefined) return { permanent: `no notifier of kind ${receiver.kind}` };
  const config = notifier.config.safeParse(receiver.config);
  if (!config.success) return { permanent: `settings are wrong: ${config.error.issues[0]?.message}` };
  const secrets: Record<string, string> = {};
  try {
    for (const name of Object.keys(notifier.secrets)) {
      const ref = { ownerKind: "receiver", ownerId: receiver.id, name };
      const value = await context.secrets.read(ref, options.actor ?? systemActor, "send a notification");
      if (value !== undefined) secrets[name] = Buffer.from(value).toString("utf8");
    }
    return await notifier.send({
      message,
      config: config.data,
      secrets: secrets satisfies Secrets,
      idempotencyKey: options.idempotencyKey,
      publicUrl: (context.config.publicUrl ?? `http://localhost:${context.config.httpPort}`).replace(/\/$/, ""),
      now: context.now(),
      signal: options.signal,
    });
  } catch (error) {
    return { retry: safeReason(error, secrets) };
  }
}

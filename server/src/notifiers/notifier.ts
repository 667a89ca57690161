import type { z } from "zod";
import type { Message } from "../domain/alerts/message.ts";

/**
 * What became of one attempt. `retry`: try again later, not before `afterSeconds` where given; `permanent`: it will
 * never work like this. Reasons are for people and hold no secret.
 */
export type Outcome = { ok: true } | { retry: string; afterSeconds?: number } | { permanent: string };

/** The values of a receiver's secrets by name; one that is not set is absent. */
export type Secrets = Readonly<Record<string, string>>;

/** One way to tell people. Sends once: retries, order and grouping are not its affair. */
export type Notifier<C = unknown> = {
  kind: string;
  title: string;
  /** The part of the settings that answers show. */
  config: z.ZodType<C>;
  /** Names of the settings that are sealed, with their help. */
  secrets: Readonly<Record<string, string>>;
  /** The settings without what only operators may see (a URL's path may hold a token). */
  forViewers(config: C): unknown;
  send(attempt: Attempt<C>): Promise<Outcome>;
};

export type Attempt<C> = {
  message: Message;
  config: C;
  secrets: Secrets;
  /** The same for each attempt at the same message. */
  idempotencyKey: string;
  /** Link to the page, without a slash at the end. */
  publicUrl: string;
  now: Date;
  /** Aborts when the time for this attempt is over. */
  signal: AbortSignal;
};

/** The error's message with every secret taken out, one line of at most 300 characters. */
export function safeReason(error: unknown, secrets: Secrets): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return redact(`${error instanceof Error ? error.message : String(error)}${cause}`, secrets);
}

/** The text with every secret (as it is, base64 and URL-encoded) taken out, one line of at most 300 characters. */
export function redact(text: string, secrets: Secrets): string {
  let clean = text;
  for (const value of Object.values(secrets)) {
    if (value === "") continue;
    for (const form of [value, Buffer.from(value).toString("base64"), encodeURIComponent(value)])
      clean = clean.replaceAll(form, "***");
  }
  return clean.replace(/\s+/g, " ").trim().slice(0, 300);
}

import { email } from "./email.ts";
import type { Notifier } from "./notifier.ts";
import { webhook } from "./webhook.ts";

/** Every way to tell people; a test compares the folder with this list. */
export const notifiers: readonly Notifier[] = [email, webhook] as unknown as readonly Notifier[];

/** The notifier of that kind, or undefined. */
export function findNotifier(kind: string): Notifier | undefined {
  return notifiers.find((each) => each.kind === kind);
}

import { createTransport } from "nodemailer";
import { z } from "zod";
import type { Message } from "../domain/alerts/message.ts";
import { type Attempt, type Notifier, type Outcome, safeReason } from "./notifier.ts";

const address = z.email().max(320);

const config = z.strictObject({
  host: z.string().trim().min(1).max(255),
  port: z.int().min(1).max(65535).default(587),
  /** starttls: must be offered, or nothing is sent; tls: from the first byte (port 465); none: in the clear. */
  encryption: z.enum(["starttls", "tls", "none"]).default("starttls"),
  username: z.string().max(320).optional(),
  from: address,
  to: z.array(address).min(1).max(50),
  timeoutSeconds: z.int().min(1).max(60).default(15),
  /** False: the server's certificate is not checked (a relay of one's own with a certificate of its own). */
  verifyCertificate: z.boolean().default(true),
});

type Config = z.infer<typeof config>;

/** Mail over SMTP. A recovery answers the mail of its alert, so that mail programs show both as one thread. */
export const email: Notifier<Config> = {
  kind: "email",
  title: "E-mail",
  config,
  secrets: { password: "Password of `username` at the mail server" },
  forViewers: (shown) => shown,
  send,
};

async function send(attempt: Attempt<Config>): Promise<Outcome> {
  const { message, config, secrets, idempotencyKey, signal } = attempt;
  const ms = config.timeoutSeconds * 1000;
  const { password } = secrets;
  if (config.username !== undefined && password === undefined)
    return { permanent: "has a user name but no password; set the secret `password`" };
  const transport = createTransport({
    host: config.host,
    port: config.port,
    secure: config.encryption === "tls",
    requireTLS: config.encryption === "starttls",
    ignoreTLS: config.encryption === "none",
    tls: { rejectUnauthorized: config.verifyCertificate },
    ...(config.username === undefined ? {} : { auth: { user: config.username, pass: password ?? "" } }),
    connectionTimeout: ms,
    greetingTimeout: ms,
    socketTimeout: ms,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const abort = () => transport.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await transport.sendMail({
      from: { name: "Fairlead", address: config.from },
      to: config.to,
      subject: message.subject.slice(0, 200),
      text: textOf(attempt),
      html: htmlOf(attempt),
      ...threadOf(message, idempotencyKey),
      headers: { "Auto-Submitted": "auto-generated", "X-Fairlead-Id": idempotencyKey },
    });
    return { ok: true };
  } catch (error) {
    return judge(error, safeReason(error, secrets));
  } finally {
    signal.removeEventListener("abort", abort);
    transport.close();
  }
}

/** The mail of a single alert that fires has an id made of the alert; its recovery refers to it. */
function threadOf(message: Message, idempotencyKey: string) {
  const [only] = message.events;
  const root = only === undefined || message.events.length > 1 ? undefined : `<alert.${only.alertId}@fairlead>`;
  if (root === undefined || only === undefined) return { messageId: `<message.${idempotencyKey}@fairlead>` };
  if (only.event === "firing") return { messageId: root };
  return { messageId: `<resolved.${only.alertId}@fairlead>`, inReplyTo: root, references: root };
}

/** A refusal (5xx) of the sender, the recipients or the password is final; the rest may pass. */
function judge(error: unknown, reason: string): Outcome {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (code === "EAUTH" && (responseCode ?? 0) >= 500) return { permanent: reason };
  if (code === "EENVELOPE" && (responseCode ?? 0) >= 500) return { permanent: reason };
  return { retry: reason };
}

function textOf({ message, publicUrl }: Attempt<Config>): string {
  return `${message.lines.join("\n")}\n\n${publicUrl}/alerts\n`;
}

function htmlOf({ message, publicUrl }: Attempt<Config>): string {
  const lines = message.lines.map((line) => `<p style="margin:0 0 6px">${escapeHtml(line)}</p>`).join("\n");
  const link = escapeHtml(`${publicUrl}/alerts`);
  return `<!doctype html><html><body style="font:14px sans-serif">\n${lines}\n<p><a href="${link}">Open Fairlead</a></p></body></html>`;
}

function escapeHtml(text: string): string {
  const named: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (c) => named[c] ?? c);
}

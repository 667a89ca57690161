import { createHmac } from "node:crypto";
import { Agent, request } from "undici";
import { z } from "zod";
import { type Attempt, type Notifier, type Outcome, redact, safeReason } from "./notifier.ts";

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
    .max(2000)
    .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === "", {
      message: "must hold no user or password; put them into the secret `authorization`",
    }),
  timeoutSeconds: z.int().min(1).max(60).default(10),
});

type Config = z.infer<typeof config>;

/** The most of an answer that is read, bytes. */
const answerBytes = 4096;

/**
 * POSTs JSON. An operator chooses the URL, so it may point into the private network: that is what webhooks are for
 * here. Redirects are not followed and nothing of the answer but its status leaves the server.
 */
export const webhook: Notifier<Config> = {
  kind: "webhook",
  title: "Webhook",
  config,
  secrets: {
    signingKey: "Signs each request: X-Fairlead-Signature: t=<Unix seconds>,v1=<HMAC-SHA256 of `t.body`, hex>",
    authorization: "Value of the Authorization header",
  },
  forViewers: (shown) => ({ ...shown, url: `${new URL(shown.url).origin}/…` }),
  send,
};

async function send(attempt: Attempt<Config>): Promise<Outcome> {
  const { config, secrets, idempotencyKey, now, signal } = attempt;
  const body = JSON.stringify(bodyOf(attempt));
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": "fairlead",
    "idempotency-key": idempotencyKey,
  };
  if (secrets.authorization !== undefined) headers.authorization = secrets.authorization;
  if (secrets.signingKey !== undefined) {
    const t = Math.floor(now.getTime() / 1000);
    const v1 = createHmac("sha256", secrets.signingKey).update(`${t}.${body}`).digest("hex");
    headers["x-fairlead-signature"] = `t=${t},v1=${v1}`;
  }
  const ms = config.timeoutSeconds * 1000;
  const dispatcher = new Agent({ connect: { timeout: ms }, pipelining: 0 });
  try {
    const answer = await request(config.url, {
      method: "POST",
      headers,
      body,
      dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]),
    });
    await answer.body.dump({ limit: answerBytes }).catch(() => {});
    return judge(answer.statusCode, answer.headers["retry-after"], now);
  } catch (error) {
    const name = (error as Error).name;
    if (name === "TimeoutError" || name === "AbortError")
      return { retry: `no answer within ${config.timeoutSeconds} s` };
    return { retry: redact(safeReason(error, secrets), { url: config.url }) };
  } finally {
    await dispatcher.destroy();
  }
}

function judge(status: number, retryAfter: string | string[] | undefined, now: Date): Outcome {
  if (status >= 200 && status < 300) return { ok: true };
  if (status >= 300 && status < 400) return { permanent: `answered ${status}: redirects are not followed` };
  const reason = `answered ${status}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = secondsOf(retryAfter, now);
    return seconds === undefined ? { retry: reason } : { retry: reason, afterSeconds: seconds };
  }
  return { permanent: reason };
}

/** Retry-After as seconds or as a date. */
function secondsOf(header: string | string[] | undefined, now: Date): number | undefined {
  if (typeof header !== "string") return undefined;
  if (/^\d{1,6}$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1000);
}

function bodyOf({ message, publicUrl, idempotencyKey }: Attempt<Config>): Record<string, unknown> {
  return {
    version: 1,
    id: idempotencyKey,
    type: message.test ? "test" : "alerts",
    title: message.subject,
    text: message.lines.join("\n"),
    url: `${publicUrl}/alerts`,
    alerts: message.events,
  };
}

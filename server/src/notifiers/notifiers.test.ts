import { createHmac } from "node:crypto";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { httpSink, smtpSink } from "../../tests/sinks.ts";
import { type AlertEvent, composeMessage, testMessage } from "../domain/alerts/message.ts";
import { email } from "./email.ts";
import { findNotifier, notifiers } from "./index.ts";
import { redact } from "./notifier.ts";
import { webhook } from "./webhook.ts";

const event: AlertEvent = {
  id: "a1:firing",
  event: "firing",
  alertId: "a1",
  ruleName: "Filesystem <full>",
  severity: "critical",
  serverName: "db-1",
  resourceKind: "filesystem",
  resourceKey: "/data",
  summary: "used 99 % & rising",
  value: 0.99,
  threshold: 0.9,
  firedAt: "2026-01-01T00:00:00Z",
  resolvedAt: null,
  resolveReason: "",
};
const now = new Date("2026-01-01T00:00:00Z");
const base = {
  message: composeMessage([event]),
  idempotencyKey: "key-1",
  publicUrl: "https://fairlead.example",
  now,
  signal: new AbortController().signal,
};

test("every file of the folder is in the list", () => {
  const other = ["index.ts", "notifier.ts"];
  const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith(".test.ts") && !other.includes(name));
  expect(notifiers.map((each) => `${each.kind}.ts`).sort()).toEqual(files.sort());
  expect(findNotifier("email")).toBe(email);
});

describe("webhook", () => {
  const send = (url: string, secrets = {}, timeoutSeconds = 5) =>
    webhook.send({ ...base, config: webhook.config.parse({ url, timeoutSeconds }), secrets });

  test("posts JSON, signed, with an idempotency key", async () => {
    const sink = await httpSink();
    expect(await send(`${sink.url}/hook`, { signingKey: "sesame", authorization: "Bearer xyz" })).toEqual({ ok: true });
    const [hit] = sink.hits;
    expect(hit?.headers).toMatchObject({ "idempotency-key": "key-1", authorization: "Bearer xyz" });
    expect(JSON.parse(hit!.body)).toMatchObject({
      type: "alerts",
      title: base.message.subject,
      alerts: [{ id: "a1:firing", severity: "critical", serverName: "db-1" }],
    });
    const [t, v1] = String(hit?.headers["x-fairlead-signature"])
      .split(",")
      .map((part) => part.split("=")[1]);
    expect(v1).toBe(createHmac("sha256", "sesame").update(`${t}.${hit!.body}`).digest("hex"));
    await sink.close();
  });

  test.each([
    [204, {}, { ok: true }],
    [301, { location: "http://127.0.0.1:1/" }, { permanent: "answered 301: redirects are not followed" }],
    [400, {}, { permanent: "answered 400" }],
    [404, {}, { permanent: "answered 404" }],
    [408, {}, { retry: "answered 408" }],
    [429, { "retry-after": "17" }, { retry: "answered 429", afterSeconds: 17 }],
    [503, { "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, { retry: "answered 503", afterSeconds: 60 }],
    [500, {}, { retry: "answered 500" }],
  ])("status %d", async (status, headers, outcome) => {
    const sink = await httpSink();
    sink.answerWith(() => ({ status, headers, body: status === 500 ? "x".repeat(1_000_000) : "" }));
    expect(await send(sink.url)).toEqual(outcome);
    expect(sink.hits).toHaveLength(1);
    await sink.close();
  });

  test("nobody there, or no answer: retry", async () => {
    const sink = await httpSink();
    await sink.close();
    expect(await send(sink.url)).toEqual({ retry: expect.stringContaining("ECONNREFUSED") });
    const { createServer } = await import("node:net");
    const silent = createServer(() => {});
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as { port: number };
    expect(await send(`http://127.0.0.1:${port}`, {}, 1)).toEqual({ retry: "no answer within 1 s" });
    silent.close();
  });

  test.each([
    ["ftp://example.com/", false],
    ["http://user:pw@example.com/", false],
    ["nonsense", false],
    ["https://example.com/x", true],
  ])("takes %s: %s", (url, good) => expect(webhook.config.safeParse({ url }).success).toBe(good));
});

describe("email", () => {
  const config = (port: number, more = {}) =>
    email.config.parse({
      host: "127.0.0.1",
      port,
      encryption: "none",
      from: "f@x.example",
      to: ["ops@x.example"],
      ...more,
    });

  test("signs in, sends text and HTML; the recovery is in the thread of the alert", async () => {
    const sink = await smtpSink();
    const attempt = { ...base, config: config(sink.port, { username: "u" }), secrets: { password: "pässword" } };
    expect(await email.send(attempt)).toEqual({ ok: true });
    const resolved = composeMessage([{ ...event, event: "resolved", resolvedAt: "2026-01-01T01:00:00Z" }]);
    expect(await email.send({ ...attempt, message: resolved })).toEqual({ ok: true });
    const [fired, over] = sink.mails;
    expect(fired).toMatchObject({ from: "f@x.example", to: ["ops@x.example"], auth: "\0u\0pässword" });
    expect(fired?.data).toContain("Message-ID: <alert.a1@fairlead>");
    expect(fired?.data).toContain("used 99 % &amp; rising");
    expect(fired?.data).toContain("https://fairlead.example/alerts");
    expect(over?.data).toContain("In-Reply-To: <alert.a1@fairlead>");
    expect(over?.data).toContain("References: <alert.a1@fairlead>");
    await sink.close();
  });

  test.each([
    ["AUTH", "535 no", { permanent: expect.stringContaining("535") }],
    ["RCPT", "550 no such user", { permanent: expect.stringContaining("550") }],
    ["RCPT", "451 later", { retry: expect.stringContaining("451") }],
    ["DATA", "421 too busy", { retry: expect.stringContaining("421") }],
  ])("the server refuses %s with %s", async (word, reply, outcome) => {
    const sink = await smtpSink({ refuse: (line) => (line.startsWith(word) ? reply : undefined) });
    const attempt = { ...base, config: config(sink.port, { username: "u" }), secrets: { password: "p" } };
    expect(await email.send(attempt)).toEqual(outcome);
    expect(sink.mails).toEqual([]);
    await sink.close();
  });

  test("STARTTLS that is not offered: nothing is sent, no password either", async () => {
    const lines: string[] = [];
    const sink = await smtpSink({
      refuse(line) {
        lines.push(line);
        return line === "STARTTLS" ? "502 not here" : undefined;
      },
    });
    const attempt = {
      ...base,
      config: config(sink.port, { encryption: "starttls", username: "u" }),
      secrets: { password: "p" },
    };
    expect(await email.send(attempt)).toHaveProperty("retry");
    expect(sink.mails).toEqual([]);
    expect(lines.join()).not.toContain("AUTH");
    await sink.close();
  });
});

test("no outcome of any notifier holds a secret, though the other side repeats it", async () => {
  const secret = "s3cr3t/+value=";
  const encoded = Buffer.from(secret).toString("base64");
  const echo = [secret, encoded, encodeURIComponent(secret)];
  for (const notifier of notifiers) {
    const secrets = Object.fromEntries(Object.keys(notifier.secrets).map((name) => [name, secret]));
    for (const said of echo) {
      const smtp = await smtpSink({ refuse: (line) => (/^(AUTH|RCPT)/.test(line) ? `550 ${said}` : undefined) });
      const http = await httpSink();
      http.answerWith(() => ({
        status: 500,
        headers: { "retry-after": said.replace(/[^\x20-\x7e]/g, "") },
        body: said,
      }));
      const configs: Record<string, unknown> = {
        webhook: { url: `${http.url}/${encodeURIComponent(secret)}` },
        email: {
          host: "127.0.0.1",
          port: smtp.port,
          encryption: "none",
          username: "u",
          from: "f@x.example",
          to: ["o@x.example"],
        },
      };
      const attempt = {
        ...base,
        message: testMessage("ops"),
        config: notifier.config.parse(configs[notifier.kind]),
        secrets,
      };
      const outcomes = [await notifier.send(attempt)];
      await http.close();
      await smtp.close();
      outcomes.push(await notifier.send(attempt));
      const text = JSON.stringify(outcomes);
      for (const form of echo) expect(text, `${notifier.kind} shows a secret`).not.toContain(form);
    }
  }
  expect(redact(`pw ${secret} and ${encoded}`, { password: secret })).toBe("pw *** and ***");
});

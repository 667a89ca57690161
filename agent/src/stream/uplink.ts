import { hostname } from "node:os";
import type { pb } from "@fairlead/proto";
import type { CollectorHealth } from "../collectors/pass.ts";
import { csrFor, type Identity, renewAt, saveCertificate } from "../identity.ts";
import type { Entry, Stored } from "../report/entry.ts";
import { Backoff } from "./backoff.ts";
import { callRenew, createClient } from "./client.ts";
import { explain } from "./explain.ts";
import { Session, type SessionEnd, type SessionParts } from "./session.ts";
import { Suspects } from "./suspects.ts";

export type UplinkParts = Omit<
  SessionParts,
  "client" | "newest" | "suspects" | "onWelcome" | "onAck" | "onRefused" | "onTick"
> & {
  server: string;
  stateDir: string;
  identity: Identity;
  now: () => number;
  random?: () => number;
};

/** How the connection fares. Times in Unix ms, 0 = never. `error` is empty while connected. */
export type UplinkStatus = {
  state: "connecting" | "connected" | "waiting";
  since: number;
  error: string;
  attempts: number;
  retryAt: number;
  lastAckAt: number;
  refused: number;
  /** Records given up because the server ended every session for them, and what it said of the last one. */
  setAside: number;
  setAsideReason: string;
  clockSkewMs: number | undefined;
  certificateNotAfter: number;
};

const repeatLogMs = 600_000;

/** Keeps a session to the server, with a pause on every way out of one, and renews the certificate. */
export class Uplink {
  readonly #parts: UplinkParts;
  readonly #backoff: Backoff;
  readonly #suspects: Suspects;
  #identity: Identity;
  #session: Session | undefined;
  #newest: Stored | undefined;
  #renewing = false;
  #logged = { text: "", at: 0 };
  #refusedLogged = 0;
  readonly #status: UplinkStatus;

  constructor(parts: UplinkParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
    this.#suspects = new Suspects((seq) => parts.spool.isSettled(seq));
    this.#identity = parts.identity;
    this.#status = {
      state: "connecting",
      since: parts.now(),
      error: "",
      attempts: 0,
      retryAt: 0,
      lastAckAt: 0,
      refused: 0,
      setAside: 0,
      setAsideReason: "",
      clockSkewMs: undefined,
      certificateNotAfter: parts.identity.notAfter,
    };
  }

  status(): UplinkStatus {
    return { ...this.#status, certificateNotAfter: this.#identity.notAfter };
  }

  /** Sessions one after the other until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#enter("connecting", this.#status.error);
      const end = await this.#attempt(signal);
      if (signal.aborted) return;
      this.#judge(end);
      const pause = this.#backoff.next(end);
      this.#status.retryAt = this.#parts.now() + pause;
      this.#status.attempts = this.#backoff.attempts;
      this.#enter("waiting", end.text);
      this.#logEnd(end, pause);
      await sleep(pause, signal);
    }
  }

  offer(records: readonly Stored[]): void {
    for (const record of records) if (record.entry.type === "report") this.#newest = record;
    this.#session?.offer(records);
  }

  live(entry: Entry): void {
    this.#session?.live(entry);
  }

  health(changed: readonly CollectorHealth[]): void {
    this.#session?.health(changed);
  }

  progress(progress: pb.CommandProgress.$Properties): void {
    this.#session?.progress(progress);
  }

  result(result: pb.CommandResult.$Properties): void {
    this.#session?.result(result);
  }

  async #attempt(signal: AbortSignal): Promise<SessionEnd> {
    const { server, now, log } = this.#parts;
    const { notBefore, notAfter } = this.#identity;
    if (now() > notAfter) {
      const date = new Date(notAfter).toISOString();
      return { text: `our certificate expired at ${date}: enrol again with a fresh token`, slow: true, livedMs: 0 };
    }
    if (now() < notBefore - 300_000)
      log.warn("our certificate is not valid yet: this host's clock is behind", { notBefore });
    const client = createClient(server, this.#identity.ca, this.#identity);
    const session = new Session({
      ...this.#parts,
      client,
      newest: () => this.#newest,
      suspects: this.#suspects,
      onWelcome: (welcome) => {
        this.#status.clockSkewMs = now() - welcome.timeUnixMs;
        this.#enter("connected", "");
        this.#logged = { text: "", at: 0 };
        log.info("connected", { server, clockSkewMs: this.#status.clockSkewMs });
        this.#renew(client);
      },
      onAck: () => {
        this.#status.lastAckAt = now();
      },
      onRefused: (count, reason) => this.#refused(count, reason),
      onTick: () => this.#renew(client),
    });
    this.#session = session;
    try {
      return await session.run(signal);
    } catch (error) {
      return { ...explain(error), livedMs: 0 };
    } finally {
      this.#session = undefined;
      client.close();
    }
  }

  /** Asks for a new certificate at two thirds of the life of the present one; the next session uses it. */
  #renew(client: Parameters<typeof callRenew>[0]): void {
    if (this.#renewing || this.#parts.now() < renewAt(this.#identity)) return;
    this.#renewing = true;
    callRenew(client, csrFor(this.#identity, hostname()))
      .then(({ certificateDer }) => {
        this.#identity = saveCertificate(this.#parts.stateDir, this.#identity, certificateDer);
        this.#parts.log.info("certificate renewed", { notAfter: new Date(this.#identity.notAfter).toISOString() });
        this.#renewing = false;
      })
      .catch((error) => {
        this.#parts.log.warn("certificate not renewed, trying again in 10 minutes", { error: explain(error).text });
        setTimeout(() => {
          this.#renewing = false;
        }, 600_000).unref();
      });
  }

  #refused(count: number, reason: string): void {
    this.#status.refused += count;
    if (this.#parts.now() - this.#refusedLogged < 10_000) return;
    this.#refusedLogged = this.#parts.now();
    this.#parts.log.warn("the server refused records", { reason, refusedSinceStart: this.#status.refused });
  }

  /** Gives up a record that ends every session. */
  #judge({ rejection, text }: SessionEnd): void {
    const culprit = rejection && this.#suspects.rejected(rejection);
    if (culprit === undefined) return;
    this.#status.setAside++;
    this.#status.setAsideReason = text;
    this.#parts.spool.lose(culprit, culprit, `given up, it ends every session: ${text}`);
  }

  #enter(state: UplinkStatus["state"], error: string): void {
    if (this.#status.state !== state) this.#status.since = this.#parts.now();
    this.#status.state = state;
    this.#status.error = error;
  }

  /** The same trouble is logged once in ten minutes. */
  #logEnd(end: SessionEnd, pauseMs: number): void {
    const now = this.#parts.now();
    const repeated = end.text === this.#logged.text && now - this.#logged.at < repeatLogMs;
    const fields = { reason: end.text, retryInMs: pauseMs };
    if (repeated) this.#parts.log.debug("not connected", fields);
    else if (end.slow) this.#parts.log.error("not connected", fields);
    else this.#parts.log.warn("not connected", fields);
    if (!repeated) this.#logged = { text: end.text, at: now };
  }
}

/** Resolves after the time or at the signal. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}

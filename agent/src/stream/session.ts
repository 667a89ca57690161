import { agentService, type pb } from "@fairlead/proto";
import { type Client, type ClientDuplexStream, Metadata, type StatusObject, status } from "@grpc/grpc-js";
import type { CollectorHealth } from "../collectors/pass.ts";
import type { Log } from "../log.ts";
import { SessionEncoder } from "../report/encoder.ts";
import type { Entry, Stored } from "../report/entry.ts";
import type { ResourceTable } from "../report/resource-table.ts";
import type { Backlog } from "../spool/backlog.ts";
import type { Spool } from "../spool/spool.ts";
import { collectorStatus } from "./collector-status.ts";
import { type Explained, explain } from "./explain.ts";
import type { LogStreams } from "./logs.ts";
import type { Rejection, Suspects } from "./suspects.ts";
import { Window } from "./window.ts";

/** What a session needs; the callbacks must not throw. */
export type SessionParts = {
  client: Client;
  spool: Spool;
  table: ResourceTable;
  log: Log;
  hello(): pb.Hello.$Properties;
  health(): CollectorHealth[];
  /** Results that the server has not confirmed. */
  results(): pb.CommandResult.$Properties[];
  /** The newest stored report of this process, to be sent before the backlog. */
  newest(): Stored | undefined;
  onWelcome(welcome: pb.Welcome): void;
  onConfig(config: pb.Config.$Properties): void;
  onLive(intervalMs: number): void;
  onCommand(command: pb.Command.$Shape): void;
  onCancel(id: string): void;
  onConfirm(id: string): void;
  /** Closed with the session. */
  logs: LogStreams;
  suspects: Suspects;
  onAck(): void;
  onRefused(count: number, reason: string): void;
  /** Called at least every 20 s. */
  onTick(): void;
};

/** `livedMs` counts from Welcome; 0 when none came. `rejection`: a frame of ours was malformed, says the server. */
export type SessionEnd = { text: string; slow: boolean; livedMs: number; rejection?: Rejection };

type Call = ClientDuplexStream<pb.ConnectRequest.$Properties, pb.ConnectResponse>;

const welcomeMs = 10_000;
const tickMs = 20_000;
const silenceMs = 60_000;
const leaveMs = 2_000;
/** Frames that may wait for a server that does not read. */
const outbox = 4_096;
/** Numbers above are none that a spool can have given: it keeps them in 48 bits. */
const highestSeq = 2 ** 47;

/** One stream to the server, from Hello to its end. */
export class Session {
  readonly #parts: SessionParts;
  readonly #encoder: SessionEncoder;
  readonly #window = new Window();
  readonly #backlog: Backlog;
  #call: Call | undefined;
  #welcomedAt = 0;
  #heardAt = 0;
  #sentAt = 0;
  #paused = false;
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;
  #moreBacklog = true;
  #ended = false;
  #leaving = false;
  /** The spool has taken in what the server has. */
  #resumed = false;
  /** Something was acknowledged in this session. */
  #proven = false;
  /** Frames other than of records since the last acknowledgement. */
  #others = 0;
  #finish: (end: SessionEnd) => void = () => undefined;
  /** The pieces of logs, one after the other: what is more urgent waits for one of them at most. */
  #logTurn: Promise<unknown> = Promise.resolve();
  #logSent: ((sent: boolean) => void) | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#encoder = new SessionEncoder(parts.table);
    this.#backlog = parts.spool.backlog();
  }

  /** Resolves when the stream has ended, whoever ended it. */
  async run(signal: AbortSignal): Promise<SessionEnd> {
    const done = new Promise<SessionEnd>((resolve) => {
      this.#finish = resolve;
    });
    const { path, requestSerialize, responseDeserialize } = agentService.connect;
    const call: Call = this.#parts.client.makeBidiStreamRequest(
      path,
      requestSerialize as (m: pb.ConnectRequest.$Properties) => Buffer,
      responseDeserialize,
      new Metadata(),
      {},
    );
    this.#call = call;
    const stop = () => this.#leave();
    const patience = setTimeout(() => this.#end({ text: "no Welcome in 10 s", slow: false }), welcomeMs);
    signal.addEventListener("abort", stop, { once: true });
    call.on("data", (frame: pb.ConnectResponse) => {
      this.#heardAt = performance.now();
      if (this.#ended) return;
      if (frame.frame === "welcome") clearTimeout(patience);
      this.#take(frame);
    });
    call.on("drain", () => this.#pump());
    call.on("error", (error) => this.#end(explain(error)));
    call.on("status", (s: StatusObject) => {
      if (s.code === status.OK) this.#end({ text: "the server ended the session", slow: false });
    });
    this.#heardAt = performance.now();
    this.#arm(tickMs);
    this.#write({ hello: this.#parts.hello() });
    if (signal.aborted) stop();
    const end = await done;
    clearTimeout(patience);
    clearTimeout(this.#timer);
    signal.removeEventListener("abort", stop);
    call.cancel();
    await this.#backlog.close();
    return end;
  }

  get connected(): boolean {
    return this.#welcomedAt > 0 && !this.#ended && !this.#leaving;
  }

  /** Sends what was just stored at once where there is room; the rest goes with the backlog. */
  offer(records: readonly Stored[]): void {
    if (!this.connected) return;
    for (const record of records) {
      if (this.#resumed && !this.#paused && this.#writable() && this.#mayJump(record)) this.#send(record);
      else this.#moreBacklog = true;
    }
    this.#pump();
  }

  /** Sends a report that is not stored; dropped when the stream is not writable. */
  live(entry: Entry): void {
    if (!this.connected || this.#paused || !this.#writable()) return;
    for (const frame of this.#encoder.frames({ seq: 0, entry })) this.#write(frame);
  }

  health(changed: readonly CollectorHealth[]): void {
    if (!this.connected) return;
    for (const health of changed) this.#write({ collectorStatus: collectorStatus(health) });
  }

  progress(commandProgress: pb.CommandProgress.$Properties): void {
    if (this.connected) this.#write({ commandProgress });
  }

  result(commandResult: pb.CommandResult.$Properties): void {
    if (this.connected) this.#write({ commandResult });
  }

  /** Sends a piece of a log when those before it are on their way; false when the session is over. */
  log(logChunk: pb.LogChunk.$Properties): Promise<boolean> {
    const sent = this.#logTurn.then(() => this.#writeLog(logChunk));
    this.#logTurn = sent;
    return sent;
  }

  #writeLog(logChunk: pb.LogChunk.$Properties): Promise<boolean> {
    if (!this.connected) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#logSent = resolve;
      this.#others++;
      this.#sentAt = performance.now();
      this.#call?.write({ logChunk }, () => resolve(this.connected));
    });
  }

  #take(frame: pb.ConnectResponse): void {
    if (this.#welcomedAt === 0 && frame.frame !== "welcome") {
      this.#end({ text: `first frame is ${frame.frame ?? "empty"}, not Welcome`, slow: true });
      return;
    }
    if (frame.welcome && this.#welcomedAt > 0) this.#end({ text: "the server sent a second Welcome", slow: true });
    else if (frame.welcome) this.#welcome(frame.welcome as pb.Welcome);
    else if (frame.ack) this.#ack(frame.ack);
    else if (frame.command) this.#parts.onCommand(frame.command as pb.Command.$Shape);
    else if (frame.commandCancel) this.#parts.onCancel(frame.commandCancel.id ?? "");
    else if (frame.commandConfirm) this.#parts.onConfirm(frame.commandConfirm.id ?? "");
    else if (frame.config) this.#config(frame.config);
    else if (frame.live) this.#parts.onLive(frame.live.intervalMs ?? 0);
    else if (frame.logOpen) this.#parts.logs.open(frame.logOpen, (chunk) => this.log(chunk));
    else if (frame.logMore) this.#parts.logs.more(frame.logMore);
    else if (frame.logClose) this.#parts.logs.close(frame.logClose.id ?? "");
  }

  #welcome(welcome: pb.Welcome): void {
    const { spool, health, results, newest, onWelcome } = this.#parts;
    this.#welcomedAt = performance.now();
    const resume = welcome.resumeSeq;
    if (!(resume >= 0 && resume < highestSeq)) {
      this.#end({ text: `the server resumes behind record ${resume}, which no spool has`, slow: true });
      return;
    }
    onWelcome(welcome);
    if (welcome.config) this.#config(welcome.config);
    this.health(health());
    for (const result of results()) this.result(result);
    const ready = () => {
      this.#resumed = true;
      const first = newest();
      if (first && !spool.isSettled(first.seq)) this.offer([first]);
      this.#pump();
    };
    spool.resume(resume).then(ready, (error) => this.#parts.log.error("resume the spool", { error }));
  }

  #config(config: pb.Config.$Properties): void {
    this.#paused = config.paused === true;
    this.#parts.onConfig(config);
    this.#pump();
  }

  #ack(ack: pb.Ack.$Properties): void {
    for (const refusal of ack.refusals ?? []) this.#parts.onRefused(1, refusal.reason ?? "unknown");
    for (const range of ack.ranges ?? []) {
      const first = range.first ?? 0;
      const last = range.last ?? 0;
      if (first < 1 || last < first) continue;
      this.#window.acknowledged(first, last);
      this.#parts.spool.settle(first, last);
      this.#proven = true;
      this.#others = 0;
    }
    this.#parts.onAck();
    this.#pump();
  }

  /** Sends backlog while there is room; started again by acknowledgements, drained buffers and new records. */
  #pump(): void {
    if (this.#pumping || !this.#moreBacklog || !this.#mayPump()) return;
    this.#pumping = true;
    const run = async () => {
      while (this.#mayPump()) {
        this.#moreBacklog = false;
        const record = await this.#backlog.next((seq) => this.#window.has(seq));
        if (this.#ended) return;
        if (record === undefined) {
          if (this.#moreBacklog) continue;
          return;
        }
        this.#moreBacklog = true;
        this.#send(record);
      }
    };
    run()
      .catch((error) => this.#parts.log.error("read backlog", { error }))
      .finally(() => {
        this.#pumping = false;
      });
  }

  #mayPump(): boolean {
    if (!this.connected || !this.#resumed || this.#paused || !this.#writable()) return false;
    if (this.#parts.suspects.careful()) return this.#proven && this.#window.size === 0;
    return this.#window.roomForBacklog();
  }

  /** Whether a new record may go before the backlog. */
  #mayJump({ seq }: Stored): boolean {
    const { suspects } = this.#parts;
    if (suspects.careful()) return !this.#proven && this.#window.size === 0 && !suspects.has(seq);
    return this.#window.roomForLive();
  }

  #send(record: Stored): void {
    let bytes = 0;
    for (const frame of this.#encoder.frames(record)) {
      this.#write(frame, "record");
      bytes += 64 + (frame.report?.values?.length ?? 0);
    }
    this.#window.sent(record.seq, bytes, this.#sentAt);
  }

  #writable(): boolean {
    return this.#call?.writableNeedDrain === false;
  }

  #write(frame: pb.ConnectRequest.$Properties, of: "record" | "other" = "other"): void {
    if (this.#ended || this.#leaving) return;
    if ((this.#call?.writableLength ?? 0) > outbox) {
      this.#end({ text: "the server does not read", slow: false });
      return;
    }
    if (of === "other") this.#others++;
    this.#sentAt = performance.now();
    this.#call?.write(frame);
  }

  /** One timer for all that waits; it moves on when something was sent meanwhile, so that it seldom wakes the process. */
  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#tick(), ms);
  }

  #tick(): void {
    const now = performance.now();
    // A server that owes nothing may be silent; whether it is still there, the keepalive of the connection tells.
    const waitingFor = now - Math.max(this.#heardAt, this.#window.oldestSentAt());
    if (this.connected && this.#window.size > 0 && waitingFor > silenceMs) {
      this.#end({ text: "the server acknowledged nothing for 60 s", slow: false });
      return;
    }
    if (this.connected && now - this.#sentAt >= tickMs - 50) this.#write({ heartbeat: { timeUnixMs: Date.now() } });
    this.#parts.onTick();
    this.#arm(Math.max(1_000, this.#sentAt + tickMs - now));
  }

  /** Ends our side; the server acknowledges what it has and ends its own, or we don't wait for it. */
  #leave(): void {
    const end = { text: "stopping", slow: false };
    if (!this.connected) {
      this.#end(end);
      return;
    }
    this.#leaving = true;
    this.#parts.logs.closeAll();
    this.#call?.end();
    setTimeout(() => this.#end(end), leaveMs).unref();
  }

  #end({ text, slow, malformed }: Explained): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.logs.closeAll();
    this.#logSent?.(false);
    const livedMs = this.#welcomedAt === 0 ? 0 : performance.now() - this.#welcomedAt;
    this.#finish({ text, slow, livedMs, ...(malformed ? { rejection: this.#rejection() } : {}) });
  }

  #rejection(): Rejection {
    const inFlight = this.#window.all();
    const alone = inFlight.length === 1 && this.#proven && this.#others === 0;
    return { inFlight, culprit: alone ? inFlight[0] : undefined };
  }
}

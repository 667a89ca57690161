/** What a server in recovery tells of itself: bytes since 0/0, seconds; NaN or undefined where it does not. */
export type Recovery = {
  /** Its WAL receiver's status; undefined without one, "hidden" where our role may not see it. */
  receiver: string | undefined;
  received: number;
  replayed: number;
  /** The end of the log as the upstream last told it. */
  announced: number;
  paused: boolean;
  /** Age of the last transaction replayed. */
  replayAge: number;
  /** Whether it is told to follow a server; undefined where our role may not see it. */
  follows: boolean | undefined;
  /** Age of the upstream's last message. */
  messageAge: number;
  /** wal_receiver_timeout; 0: it waits for ever. */
  receiverTimeout: number;
  /** Since when it was last seen in step. */
  inStepAge: number;
};

export type StandbyState = {
  state: "streaming" | "catching up" | "paused" | "archive recovery" | "silent" | "link down";
  /** 1 when link and apply both run. */
  running: 0 | 1;
  lagSeconds: number;
  lagBytes: number;
  /** How long ago it was in step with its upstream for all it knows: 0 while it is; NaN where that was never seen. */
  inStepAge: number;
};

/** A busy host may be late with a message. */
const lateSeconds = 10;

/**
 * State and lag of a standby. The lag is 0 only when all that its upstream told of is replayed, the receiver streams, and the
 * upstream was heard of lately: without the last two a cut link would look like no lag. Else it is the age of the last
 * transaction replayed, but no more than the time since it was last in step: after a quiet hour that age is an hour. A receiver
 * that hears nothing asks after half of its timeout, so that silence beyond it is no idle upstream. One that reads the archive
 * alone has no link that could be cut: its apply is what runs.
 */
export function standbyState(it: Recovery): StandbyState {
  const streams = it.receiver === "streaming" || it.receiver === "hidden";
  const end = Math.max(it.received, Number.isNaN(it.announced) || !streams ? it.received : it.announced);
  const level = it.replayed >= end;
  const silent = streams && it.receiverTimeout > 0 && it.messageAge > it.receiverTimeout / 2 + lateSeconds;
  const inStepAge = streams && level ? (silent ? it.messageAge : 0) : it.inStepAge;
  const behind = Number.isNaN(inStepAge) ? it.replayAge : Math.min(it.replayAge, inStepAge);
  const lag = {
    lagSeconds: Math.max(0, Number.isNaN(behind) ? inStepAge : behind),
    lagBytes: Number.isNaN(end) ? Number.NaN : Math.max(0, end - it.replayed),
    inStepAge,
  };
  if (it.paused) return { state: "paused", running: 0, ...lag };
  if (silent) return { state: "silent", running: 0, ...lag };
  if (streams) return { state: level ? "streaming" : "catching up", running: 1, ...lag };
  if (it.receiver === undefined && it.follows === false) return { state: "archive recovery", running: 1, ...lag };
  return { state: "link down", running: 0, ...lag };
}

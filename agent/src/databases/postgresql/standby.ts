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
};

export type StandbyState = {
  state: "streaming" | "catching up" | "paused" | "archive recovery" | "link down";
  /** 1 when link and apply both run. */
  running: 0 | 1;
  lagSeconds: number;
  lagBytes: number;
};

/**
 * State and lag of a standby. The lag is 0 only when all that was received is replayed and the receiver streams: without
 * the second a cut link would look like no lag, without the first an idle primary like a growing one. One that reads the
 * archive alone has no link that could be cut: its apply is what runs.
 */
export function standbyState(it: Recovery): StandbyState {
  const streams = it.receiver === "streaming" || it.receiver === "hidden";
  const level = it.replayed >= it.received;
  const end = Math.max(it.received, Number.isNaN(it.announced) || !streams ? it.received : it.announced);
  const lag = {
    lagSeconds: streams && level ? 0 : Math.max(0, it.replayAge),
    lagBytes: Number.isNaN(end) ? Number.NaN : Math.max(0, end - it.replayed),
  };
  if (it.paused) return { state: "paused", running: 0, ...lag };
  if (streams) return { state: level ? "streaming" : "catching up", running: 1, ...lag };
  if (it.receiver === undefined && it.follows === false) return { state: "archive recovery", running: 1, ...lag };
  return { state: "link down", running: 0, ...lag };
}

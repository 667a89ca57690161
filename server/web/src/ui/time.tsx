import { useSyncExternalStore } from "react";
import { formatAgo, formatLocal, formatUtc } from "../format/time.ts";
import { formatDuration, missing } from "../format/units.ts";

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, one tick a second for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** How long ago; the exact time, local and in UTC, is in the tooltip. */
export function Ago({ at, never = "never" }: { at: string | null | undefined; never?: string }) {
  const present = useNow();
  if (!at) return <span className="text-muted">{never}</span>;
  return (
    <time dateTime={at} title={`${formatLocal(at)}\n${formatUtc(at)}`} className="whitespace-nowrap">
      {formatAgo(at, Math.max(present, Date.now() - 1000))}
    </time>
  );
}

/** How long something lasts already; the exact time, local and in UTC, is in the tooltip. */
export function For({ since }: { since: string | null | undefined }) {
  const present = useNow();
  if (!since) return <span className="text-muted">{missing}</span>;
  const seconds = Math.max(0, Math.round((present - Date.parse(since)) / 1000));
  return (
    <time dateTime={since} title={`since ${formatLocal(since)}\n${formatUtc(since)}`} className="whitespace-nowrap">
      {formatDuration(seconds)}
    </time>
  );
}

/** Local date and time, UTC in the tooltip. */
export function When({ at }: { at: string | null | undefined }) {
  if (!at) return <span className="text-muted">–</span>;
  return (
    <time dateTime={at} title={formatUtc(at)} className="whitespace-nowrap">
      {formatLocal(at)}
    </time>
  );
}

import type { ReactNode } from "react";

export type Tone = "ok" | "warn" | "crit" | "info" | "idle";

const text: Record<Tone, string> = {
  ok: "text-ok",
  warn: "text-warn",
  crit: "text-crit",
  info: "text-info",
  idle: "text-muted",
};
const soft: Record<Tone, string> = {
  ok: "bg-ok-soft",
  warn: "bg-warn-soft",
  crit: "bg-crit-soft",
  info: "bg-info-soft",
  idle: "bg-sunken",
};

const tones: Record<string, Tone> = {
  online: "ok",
  degraded: "warn",
  offline: "crit",
  never_seen: "idle",
  paused: "idle",
  running: "ok",
  restarting: "warn",
  removing: "warn",
  dead: "crit",
  exited: "crit",
  created: "idle",
  healthy: "ok",
  unhealthy: "crit",
  starting: "info",
  firing: "crit",
  pending: "warn",
  resolved: "ok",
  critical: "crit",
  warning: "warn",
  info: "info",
  succeeded: "ok",
  failed: "crit",
  rolled_back: "warn",
  expired: "idle",
  cancelled: "idle",
  queued: "idle",
  sent: "info",
  accepted: "info",
  ok: "ok",
  absent: "idle",
  timed_out: "warn",
  disabled: "idle",
  rw: "ok",
  ro: "warn",
  stuck: "crit",
  up: "ok",
  down: "crit",
  needs_credentials: "info",
  gone: "idle",
  pass: "ok",
  delivered: "ok",
  waiting: "info",
  warn: "warn",
  fail: "crit",
  error: "crit",
};

/** The colour family of a state's word; unknown words are idle. */
export function toneOf(word: string | null | undefined): Tone {
  return (word && tones[word]) || "idle";
}

/** A state's word for people: `rolled_back` -> `rolled back`. */
export function wordOf(state: string | null | undefined): string {
  return (state ?? "unknown").replaceAll("_", " ");
}

/** A dot with its word: colour is never the only sign. Command states that are under way are blue, not green. */
export function StateDot({ state, tone, children }: { state: string; tone?: Tone; children?: ReactNode }) {
  const family = tone ?? toneOf(state);
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${text[family]}`}>
      <span
        aria-hidden="true"
        className={`size-2 shrink-0 rounded-full ${family === "idle" ? "border-[1.5px] border-current" : "bg-current"}`}
      />
      <span className="first-letter:uppercase">{children ?? wordOf(state)}</span>
    </span>
  );
}

export function Badge({ tone = "idle", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span
      title={title}
      className={`inline-flex h-5 items-center rounded px-1.5 text-2xs font-medium whitespace-nowrap ${text[tone]} ${soft[tone]}`}
    >
      {children}
    </span>
  );
}

/** `key=value` labels; more than `max` are counted, with the rest in the tooltip. */
export function LabelList({ labels, max = 3 }: { labels: Record<string, string>; max?: number }) {
  const all = Object.entries(labels).map(([name, value]) => (value ? `${name}=${value}` : name));
  const rest = all.slice(max);
  return (
    <span className="inline-flex min-w-0 flex-wrap gap-1">
      {all.slice(0, max).map((label) => (
        <span
          key={label}
          title={label}
          className="inline-block h-5 max-w-36 truncate rounded border border-line px-1.5 text-2xs leading-[18px] text-soft"
        >
          {label}
        </span>
      ))}
      {rest.length > 0 && (
        <span title={rest.join("\n")} className="h-5 px-0.5 text-2xs leading-5 text-muted">
          +{rest.length}
        </span>
      )}
    </span>
  );
}

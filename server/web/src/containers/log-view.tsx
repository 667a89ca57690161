import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ApiError, apiUrl } from "../api/client.ts";
import type { Container } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy.tsx";
import { Icon } from "../ui/icons.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../ui/states.tsx";
import { type ShownLine, visible } from "./log-buffer.ts";
import { type LogState, useLog } from "./use-log.ts";

const lineHeight = 18;
const tails = [200, 1_000, 5_000, 10_000] as const;
/** More than this is not put on the clipboard: the download has it all. */
const mostCopied = 10_000;

/** The log of a container: its last lines and, while followed, what is written now. */
export default function LogView({ container }: { container: Container }) {
  const may = useMay("operator");
  if (!may) {
    return (
      <EmptyState icon="warning" title="Logs need the role operator">
        They may hold secrets; an admin can give you the role under Settings, Users.
      </EmptyState>
    );
  }
  return <Viewer key={container.id} container={container} />;
}

function Viewer({ container }: { container: Container }) {
  const [tail, setTail] = useState<number>(1_000);
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useKept("log-wrap", matchMedia("(max-width: 767px)").matches);
  const [times, setTimes] = useKept("log-times", true);
  const [filter, setFilter] = useState("");
  const { buffer, state, changed, retry } = useLog(container.id, tail, follow);
  const [stuck, setStuck] = useState(true);

  const hold = (on: boolean) => {
    buffer.hold(on);
    setStuck(!on);
    changed();
  };
  const find = (text: string) => {
    setFilter(text);
    buffer.filter(text);
    changed();
  };
  const options = (
    <>
      <Toggle label="Follow" on={follow} onChange={setFollow} />
      <Toggle label="Wrap" on={wrap} onChange={setWrap} />
      <Toggle label="Times" on={times} onChange={setTimes} />
    </>
  );
  return (
    <section className="panel flex min-w-0 flex-col overflow-hidden" aria-label={`Log of ${container.name}`}>
      <div className="flex flex-wrap items-center gap-1.5 border-b border-line p-2">
        <input
          type="search"
          className="field min-w-32 flex-1 sm:max-w-72"
          placeholder="Filter lines"
          aria-label="Filter lines"
          value={filter}
          onChange={(event) => find(event.target.value)}
        />
        <select
          className="field w-auto!"
          aria-label="How many lines"
          value={tail}
          onChange={(event) => setTail(Number(event.target.value))}
        >
          {tails.map((lines) => (
            <option key={lines} value={lines}>
              Last {lines.toLocaleString("en")}
            </option>
          ))}
        </select>
        <span className="flex flex-wrap gap-1">{options}</span>
        <span className="ml-auto flex gap-1">
          <CopyButton text={() => plainText(buffer.shown.slice(-mostCopied), times)} />
          <a
            className={buttonClass("plain", true)}
            href={apiUrl(`containers/${container.id}/logs`, { tail: 10_000, q: filter })}
            download
          >
            <Icon name="save" size={14} />
            Download
          </a>
        </span>
      </div>
      <Lines
        lines={buffer.shown}
        wrap={wrap}
        times={times}
        stuck={stuck}
        onHold={hold}
        waiting={buffer.waiting}
        empty={<Nothing state={state} all={buffer.length} filter={filter} onRetry={retry} />}
      />
      <Foot state={state} shown={buffer.shown.length} all={buffer.length} onRetry={retry} />
    </section>
  );
}

function Toggle({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className={`${buttonClass("plain", true)} aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent`}
    >
      {label}
    </button>
  );
}

type LinesProps = {
  lines: readonly ShownLine[];
  wrap: boolean;
  times: boolean;
  stuck: boolean;
  waiting: number;
  onHold: (on: boolean) => void;
  empty: ReactNode;
};

/** The lines in view. Scrolling up holds the rest back until one is at the end again. */
function Lines({ lines, wrap, times, stuck, waiting, onHold, empty }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 20,
    getItemKey: (index) => lines[index]?.seq ?? index,
  });
  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    top.current = element?.scrollTop ?? 0;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change their height with these
  useEffect(() => virtual.measure(), [wrap, times]);
  const height = virtual.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever makes the content higher moves its end
  useLayoutEffect(() => {
    if (stuck) toEnd();
  }, [stuck, height, lines]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const atEnd = scrollHeight - scrollTop - clientHeight < 2 * lineHeight;
    if (atEnd && !stuck) onHold(false);
    else if (!atEnd && stuck && scrollTop < top.current - 1) onHold(true);
    top.current = scrollTop;
  };
  if (lines.length === 0) return <div className="min-h-56">{empty}</div>;
  return (
    <div className="relative">
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label="Lines"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="h-[min(32rem,60dvh)] overflow-auto bg-sunken py-1 font-mono text-xs leading-[18px] -outline-offset-2! [overflow-anchor:none]"
      >
        <div className={wrap ? "relative" : "relative w-max min-w-full"} style={{ height }}>
          {/* One block that grows as wide as its longest line: lines that are not wrapped scroll together. */}
          <div
            className={wrap ? "absolute inset-x-0 top-0" : "min-w-full"}
            style={{ transform: `translateY(${virtual.getVirtualItems()[0]?.start ?? 0}px)` }}
          >
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return line === undefined ? null : (
                <div
                  key={item.key}
                  data-index={item.index}
                  {...(wrap && { ref: virtual.measureElement })}
                  {...(!wrap && { style: { height: lineHeight } })}
                >
                  <Line line={line} wrap={wrap} times={times} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {!stuck && (
        <Button
          small
          look="primary"
          icon="down"
          className="absolute! right-4 bottom-3 shadow-(--shadow-lg)"
          onClick={() => onHold(false)}
        >
          {waiting > 0 ? `${waiting.toLocaleString("en")} new ${waiting === 1 ? "line" : "lines"}` : "To the end"}
        </Button>
      )}
    </div>
  );
}

function Line({ line, wrap, times }: { line: ShownLine; wrap: boolean; times: boolean }) {
  if (line.stream === "note") return <p className="px-3 text-warn italic">{line.text}</p>;
  const error = line.stream === "stderr";
  return (
    <p
      className={`border-l-2 px-2.5 [unicode-bidi:isolate] ${error ? "border-crit bg-crit-soft/40" : "border-transparent"} ${wrap ? "break-all whitespace-pre-wrap" : "whitespace-pre"}`}
    >
      {times && line.at && (
        <time dateTime={line.at} title={line.at} className="mr-2 text-muted select-none">
          {clock(line.at)}
        </time>
      )}
      {error && <span className="sr-only">stderr: </span>}
      {visible(line.text)}
    </p>
  );
}

function Nothing({
  state,
  all,
  filter,
  onRetry,
}: {
  state: LogState;
  all: number;
  filter: string;
  onRetry: () => void;
}) {
  if (state.is === "failed") {
    const offline = state.error instanceof ApiError && state.error.status === 503;
    if (offline) {
      return (
        <EmptyState
          icon="warning"
          title="The agent is offline"
          action={
            <Button icon="refresh" onClick={onRetry}>
              Try again
            </Button>
          }
        >
          {state.error instanceof Error ? state.error.message : ""}
        </EmptyState>
      );
    }
    return <ErrorState error={state.error} onRetry={onRetry} />;
  }
  if (state.is === "loading") return <LoadingRows rows={8} />;
  if (all > 0 && filter) return <EmptyState icon="search" title="No line holds this text" />;
  if (state.is === "ended" && state.reason) {
    return (
      <EmptyState
        icon="warning"
        title="The log can't be read"
        action={
          <Button icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {state.reason}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="empty" title="Nothing has been written yet">
      {state.is === "open" ? "Lines appear as the container writes them." : "The container's log is empty."}
    </EmptyState>
  );
}

function Foot({ state, shown, all, onRetry }: { state: LogState; shown: number; all: number; onRetry: () => void }) {
  if (all === 0) return null;
  const broken = state.is === "again" || state.is === "failed" || (state.is === "ended" && state.reason !== "");
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 border-t border-line px-3 py-1.5 text-xs text-muted"
    >
      <span className={broken ? "text-warn" : ""}>{words(state)}</span>
      {state.is === "failed" || state.is === "ended" ? (
        <button type="button" className="text-accent hover:underline" onClick={onRetry}>
          Read again
        </button>
      ) : null}
      <span className="ml-auto">
        {shown === all ? "" : `${shown.toLocaleString("en")} of `}
        {all.toLocaleString("en")} {all === 1 ? "line" : "lines"}
      </span>
    </div>
  );
}

function words(state: LogState): string {
  switch (state.is) {
    case "loading":
      return "Reading";
    case "open":
      return "Following";
    case "ended":
      return state.reason ? `Ended: ${state.reason}` : "All read";
    case "again":
      return `Broken off, trying again: ${state.reason}`;
    case "failed":
      return state.error instanceof Error ? state.error.message : "Failed";
    default:
      return state satisfies never;
  }
}

const sameDay = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const otherDay = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** Local time with milliseconds, with its date where it is not of today. */
function clock(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const today = time.toDateString() === new Date().toDateString();
  return `${(today ? sameDay : otherDay).format(time)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

function plainText(lines: readonly ShownLine[], times: boolean): string {
  return lines.map(({ at, text }) => (times && at ? `${at} ${text}` : text)).join("\n");
}

/** A choice that this browser remembers. */
function useKept(name: string, initial: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => {
    const kept = localStorage.getItem(`fairlead-${name}`);
    return kept === null ? initial : kept === "on";
  });
  return [
    on,
    (next) => {
      localStorage.setItem(`fairlead-${name}`, next ? "on" : "off");
      setOn(next);
    },
  ];
}

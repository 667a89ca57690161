import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { formatUtc } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { type ShownLine, visible } from "./log-buffer.ts";

const lineHeight = 18;

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
export function LogLines({ lines, wrap, times, stuck, waiting, onHold, empty }: LinesProps) {
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
        <time
          dateTime={line.at}
          title={`${formatUtc(line.at)}, in your zone ${zone}`}
          className="mr-2 text-muted select-none"
        >
          {clock(line.at)}
        </time>
      )}
      {error && <span className="sr-only">stderr: </span>}
      {visible(line.text)}
    </p>
  );
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const sameDay = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const otherDay = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** Local time with milliseconds, with its date where it is not of today. */
function clock(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const today = time.toDateString() === new Date().toDateString();
  return `${(today ? sameDay : otherDay).format(time)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

import { useState } from "react";
import { apiUrl } from "../api/client.ts";
import type { Container } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { buttonClass } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy.tsx";
import { Icon } from "../ui/icons.tsx";
import { EmptyState } from "../ui/states.tsx";
import type { ShownLine } from "./log-buffer.ts";
import { LogLines } from "./log-lines.tsx";
import { LogFoot, NoLines } from "./log-state.tsx";
import { useLog } from "./use-log.ts";

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
      <LogLines
        lines={buffer.shown}
        wrap={wrap}
        times={times}
        stuck={stuck}
        onHold={hold}
        waiting={buffer.waiting}
        empty={<NoLines state={state} all={buffer.length} filter={filter} onRetry={retry} />}
      />
      <LogFoot state={state} shown={buffer.shown.length} all={buffer.length} onRetry={retry} />
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

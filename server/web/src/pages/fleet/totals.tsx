import { useMemo } from "react";
import type { Server } from "../../api/types.ts";
import { formatRatio } from "../../format/units.ts";
import { StateDot, type Tone } from "../../ui/badge.tsx";
import { totalsOf } from "./filter.ts";

const states = ["online", "degraded", "offline", "never_seen", "paused"] as const;

/** Figures over the fleet; a state's figure filters by it. */
export function TotalsStrip(props: {
  servers: Server[];
  state: string | undefined;
  onState: (state: string | undefined) => void;
}) {
  const totals = useMemo(() => totalsOf(props.servers), [props.servers]);
  const shown = states.filter((state) => totals.states[state] || ["online", "degraded", "offline"].includes(state));
  return (
    <div className="panel mb-3 grid grid-cols-3 gap-px overflow-hidden sm:flex sm:flex-wrap">
      {shown.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={props.state === state}
          onClick={() => props.onState(props.state === state ? undefined : state)}
          className="px-4 py-2.5 text-left -outline-offset-2! hover:bg-hover aria-pressed:bg-accent-soft"
        >
          <Figure value={String(totals.states[state] ?? 0)}>
            <StateDot state={state} {...(!totals.states[state] && { tone: "idle" as Tone })} />
          </Figure>
        </button>
      ))}
      <span aria-hidden="true" className="my-2.5 hidden w-px bg-line sm:block" />
      <div className="px-4 py-2.5">
        <Figure value={`${totals.running}`} small={`of ${totals.containers}`}>
          Containers running
        </Figure>
      </div>
      <div className="px-4 py-2.5">
        <Figure value={String(totals.unhealthy)} tone={totals.unhealthy ? "text-crit" : ""}>
          Unhealthy
        </Figure>
      </div>
      <div className="px-4 py-2.5">
        <Figure value={String(totals.firing)} tone={totals.firing ? "text-crit" : ""}>
          Alerts firing
        </Figure>
      </div>
      <div className="hidden px-4 py-2.5 sm:block">
        <Figure value={formatRatio(totals.cpu)}>Mean CPU</Figure>
      </div>
    </div>
  );
}

function Figure(props: { value: string; small?: string; tone?: string; children: React.ReactNode }) {
  return (
    <span className="block">
      <span className={`block text-lg leading-6 font-semibold ${props.tone ?? ""}`}>
        {props.value} {props.small && <span className="text-xs font-normal text-muted">{props.small}</span>}
      </span>
      <span className="block text-xs leading-4 text-muted">{props.children}</span>
    </span>
  );
}

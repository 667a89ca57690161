import type { DriveDetail, DriveReason } from "../../api/storage-types.ts";
import { StateDot, type Tone } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Panel } from "../../ui/page.tsx";
import { adviceOn } from "./advice.ts";

const tones: Record<string, Tone> = { failed: "crit", critical: "crit", warning: "warn", info: "idle" };

/** Why the drive has its verdict, each reason with what to do about it. */
export function Reasons({ drive }: { drive: DriveDetail }) {
  // That it sleeps or can't be read stands above.
  const reasons = drive.reasons.filter(({ code }) => !(drive.stale && (code === "standby" || code === "open_failed")));
  if (reasons.length === 0) {
    return (
      <Panel title="Why">
        <p className="flex items-center gap-2 px-3 py-2">
          {drive.verdict === "healthy" && <Icon name="check" className="text-ok" />}
          {drive.verdict === "unknown"
            ? "It told nothing by which it could be judged."
            : "Nothing speaks against this drive."}
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={reasons.every(isNote) ? "Notes" : "Why"}>
      <ul className="divide-y divide-line">
        {reasons.map((reason) => (
          <Reason key={`${reason.code} ${reason.attribute} ${reason.text}`} reason={reason} />
        ))}
      </ul>
    </Panel>
  );
}

function isNote({ severity }: DriveReason): boolean {
  return severity === "info";
}

function Reason({ reason }: { reason: DriveReason }) {
  const advice = adviceOn(reason);
  return (
    <li className="grid gap-x-4 px-3 py-2 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
      <StateDot state={reason.severity} tone={tones[reason.severity] ?? "idle"}>
        {isNote(reason) ? "note" : reason.severity}
      </StateDot>
      <div className="min-w-0">
        <p className={isNote(reason) ? "text-soft" : "font-medium"}>{sentence(reason.text)}</p>
        {advice !== undefined && <p className="text-muted">{advice}</p>}
      </div>
    </li>
  );
}

/** A text with a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { OnePool, PoolScan } from "../../api/storage-types.ts";
import { useMay } from "../../app/session.ts";
import { CommandDialog } from "../../commands/command-dialog.tsx";
import { newKey, sendCommand } from "../../commands/send-command.ts";
import { formatAge, formatByteRate, formatDuration, formatNumber } from "../../format/units.ts";
import { Badge, StateDot } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import type { IconName } from "../../ui/icons.tsx";
import { Panel } from "../../ui/page.tsx";
import { Ago } from "../../ui/time.tsx";
import { Progress } from "./overview.tsx";
import { useTakes } from "./parts.tsx";
import { isUnderWay, scanName, scrubDueSeconds } from "./words.ts";

type Action = OnePool["scrubActions"][number];

/** The scrub or rebuild that runs, the last scrub, and what can be asked of it. */
export function PoolScans({ pool }: { pool: OnePool }) {
  const { scan, lastScrub, scrubAgeSeconds, scrubActions } = pool;
  if (scan === null && lastScrub === null && scrubAgeSeconds === null && scrubActions.length === 0) return null;
  return (
    <Panel title="Scrubs and rebuilds" className="mb-3" actions={<ScrubButtons pool={pool} />}>
      <div className="divide-y divide-line">
        {scan !== null && (isUnderWay(scan) ? <Running scan={scan} /> : <Ended scan={scan} />)}
        <LastScrub pool={pool} />
      </div>
    </Panel>
  );
}

function Running({ scan }: { scan: PoolScan }) {
  const { state, startedAt, progressRatio, bytesPerSecond, remainingSeconds, errors } = scan;
  const paused = state === "paused";
  const facts = [
    bytesPerSecond !== null && !paused && formatByteRate(bytesPerSecond),
    errors ? `${formatNumber(errors)} errors so far` : false,
  ].filter(Boolean);
  return (
    <div className="px-3 py-2">
      <div className="mb-1 flex flex-wrap items-baseline gap-x-3">
        <StateDot state={state} tone={paused ? "idle" : "info"}>
          {scanName(scan)} {paused ? "is paused" : "runs"}
        </StateDot>
        <span className="text-muted">{facts.join(", ")}</span>
        <span className="ml-auto text-muted">
          {!paused && remainingSeconds !== null && `${formatDuration(remainingSeconds)} left`}
          {startedAt !== null && (
            <>
              {!paused && remainingSeconds !== null && " · "}began <Ago at={startedAt} />
            </>
          )}
        </span>
      </div>
      <Progress wide value={progressRatio} label={scanName(scan)} />
    </div>
  );
}

function Ended({ scan }: { scan: PoolScan }) {
  return (
    <p className="flex flex-wrap gap-x-3 px-3 py-2">
      <StateDot state={scan.state} tone={scan.errors ? "warn" : scan.state === "finished" ? "ok" : "idle"}>
        {scanName(scan)} {scan.state}
      </StateDot>
      <span className="text-muted">
        {scan.endedAt !== null && <Ago at={scan.endedAt} />}
        {scan.errors !== null && `, ${formatNumber(scan.errors)} errors`}
      </span>
    </p>
  );
}

function LastScrub({ pool: { lastScrub, scrubAgeSeconds, scrubActions } }: { pool: OnePool }) {
  const overdue = scrubAgeSeconds !== null && scrubAgeSeconds > scrubDueSeconds;
  if (lastScrub === null && scrubAgeSeconds === null && scrubActions.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <span className="text-muted">Last whole scrub</span>
      {lastScrub === null ? (
        <span>none is known{scrubAgeSeconds !== null && ` for ${formatAge(scrubAgeSeconds)}`}</span>
      ) : (
        <span>
          <Ago at={lastScrub.endedAt} never="at an unknown time" />
          {lastScrub.durationSeconds !== null && (
            <span className="text-muted">, took {formatDuration(lastScrub.durationSeconds)}</span>
          )}
          {lastScrub.errors !== null && (
            <span className={lastScrub.errors > 0 ? "text-crit" : "text-muted"}>
              , {lastScrub.errors === 0 ? "no errors" : `${formatNumber(lastScrub.errors)} errors`}
            </span>
          )}
        </span>
      )}
      {overdue && (
        <Badge tone="warn" title="A scrub each 35 days finds bad blocks while there is another copy">
          overdue
        </Badge>
      )}
    </p>
  );
}

const looks: Record<Action, { icon: IconName; label: (pool: OnePool) => string; text: string }> = {
  start: {
    icon: "play",
    label: ({ scan }) => (scan?.state === "paused" ? "Go on" : "Start scrub"),
    text: "All data is read and compared with its checksums or copies. It takes hours and slows other work a little.",
  },
  pause: { icon: "pause", label: () => "Pause", text: "It can go on later from where it is." },
  stop: { icon: "stop", label: () => "Stop", text: "What was done so far is lost: a later scrub begins anew." },
};

function ScrubButtons({ pool }: { pool: OnePool }) {
  const client = useQueryClient();
  const may = useMay("operator");
  const takes = useTakes(pool.serverId, "pool.scrub");
  const [asked, setAsked] = useState<{ action: Action; key: string } | null>(null);
  const [command, setCommand] = useState<string | null>(null);
  if (!may || pool.goneAt !== null) return null;
  const actions = pool.scrubActions.filter((action) => fits(action, pool.scan));
  async function send() {
    if (asked === null) return;
    const made = await sendCommand(pool.serverId, "pool.scrub", { pool: pool.key, action: asked.action }, asked.key);
    setCommand(made.id);
    void client.invalidateQueries({ queryKey: ["commands"] });
  }
  const look = asked === null ? null : looks[asked.action];
  return (
    <span className="flex gap-2">
      {actions.map((action) => (
        <Button
          key={action}
          small
          icon={looks[action].icon}
          look={action === "stop" ? "danger" : "plain"}
          disabled={!takes}
          title={takes ? "" : `The agent on ${pool.serverName} does not allow pool.scrub`}
          onClick={() => setAsked({ action, key: newKey() })}
        >
          {looks[action].label(pool)}
        </Button>
      ))}
      <Confirm
        open={asked !== null}
        onOpenChange={() => setAsked(null)}
        title={`${look?.label(pool) ?? "Scrub"}: ${pool.name}?`}
        action={look?.label(pool) ?? "Scrub"}
        danger={asked?.action === "stop"}
        onConfirm={send}
      >
        {look?.text}
      </Confirm>
      {command !== null && (
        <CommandDialog id={command} title={pool.name} changes={["storage"]} onClose={() => setCommand(null)} />
      )}
    </span>
  );
}

/** Whether it makes sense now: what runs is not started, what does not run is not stopped; rebuilds are left alone. */
function fits(action: Action, scan: PoolScan | null): boolean {
  if (!isUnderWay(scan)) return action === "start";
  if (!["scrub", "check", "repair", "errorscrub"].includes(scan.function)) return false;
  if (action === "start") return scan.state === "paused";
  return action === "stop" || scan.state === "running";
}

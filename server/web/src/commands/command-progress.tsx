import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { commandQuery } from "../api/queries.ts";
import type { Command, CommandEvent } from "../api/types.ts";
import { driveKeyName } from "../format/drive-key.ts";
import { formatDuration } from "../format/units.ts";
import { StateDot, type Tone, toneOf } from "../ui/badge.tsx";
import { Icon } from "../ui/icons.tsx";
import { Loaded } from "../ui/states.tsx";
import { CommandResult } from "./command-result.tsx";

/** Commands that run are under way, not well: blue, while a running container is green. */
export function commandTone(status: string): Tone {
  return status === "running" ? "info" : toneOf(status);
}

/** A command's phases as they come in. */
export function CommandProgress({ id }: { id: string }) {
  const query = useQuery(commandQuery(id));
  return (
    <Loaded query={query}>
      {(command) => (
        <div className="space-y-3">
          <div className="flex items-center gap-2">
            <StateDot state={command.status} tone={commandTone(command.status)} />
            <span className="flex-1 text-muted">{commandTitle(command)}</span>
            <Link to="/commands/$id" params={{ id }} className="text-accent hover:underline">
              Details
            </Link>
          </div>
          <Phases command={command} />
          <CommandResult command={command} />
        </div>
      )}
    </Loaded>
  );
}

/** The phases in order, each with its time; the last one with its progress while the command runs. */
export function Phases({ command }: { command: Command }) {
  const events = merged(command.events ?? []);
  const broken = brokenPhase(events);
  return (
    <div aria-live="polite">
      <ol className="space-y-0">
        {events.map((event, i) => {
          const last = i === events.length - 1;
          const active = last && command.finishedAt === null;
          return (
            <li key={`${event.at} ${event.status} ${event.phase}`} className="relative flex gap-3 pb-3 last:pb-0">
              {!last && <span aria-hidden="true" className="absolute top-5 bottom-0 left-[7px] w-px bg-line-strong" />}
              <PhaseSign tone={i === broken ? "crit" : commandTone(event.status)} active={active} />
              <div className="min-w-0 flex-1">
                <div className="flex items-baseline gap-2">
                  <span className="font-medium first-letter:uppercase">
                    {event.phase || event.status.replace("_", " ")}
                  </span>
                  <span className="ml-auto text-xs text-muted">
                    {formatDuration(Math.max(0, (Date.parse(event.at) - Date.parse(command.createdAt)) / 1000))}
                  </span>
                </div>
                {event.message && <p className="text-soft [overflow-wrap:anywhere]">{event.message}</p>}
                {event.note && (
                  <p
                    className={`first-letter:uppercase [overflow-wrap:anywhere] ${active ? "text-soft" : "text-muted"}`}
                  >
                    {event.note}
                  </p>
                )}
                {active && event.percent !== null && event.percent >= 0 && (
                  <span
                    role="progressbar"
                    aria-label={event.phase}
                    aria-valuenow={Math.round(event.percent)}
                    aria-valuemin={0}
                    aria-valuemax={100}
                    className="mt-1 block h-1.5 overflow-hidden rounded-full bg-sunken"
                  >
                    <span className="block h-full bg-info" style={{ width: `${event.percent}%` }} />
                  </span>
                )}
              </div>
            </li>
          );
        })}
      </ol>
      {command.reason && (
        <p
          className={`mt-3 rounded-md px-3 py-2 ${command.status === "succeeded" ? "bg-ok-soft text-ok" : "bg-crit-soft text-crit"}`}
        >
          {command.reason}
        </p>
      )}
    </div>
  );
}

function PhaseSign({ tone, active }: { tone: Tone; active: boolean }) {
  if (active) {
    return (
      <span aria-hidden="true" className="mt-1 size-3.5 shrink-0 animate-pulse rounded-full border-[3px] border-info" />
    );
  }
  const bad = tone === "crit" || tone === "warn";
  return (
    <Icon
      name={bad ? "warning" : "check"}
      size={15}
      className={`mt-0.5 ${bad ? (tone === "crit" ? "text-crit" : "text-warn") : "text-ok"}`}
    />
  );
}

/** `note`: what was told of it without a phase, last. */
type Shown = CommandEvent & { note?: string };

/**
 * Progress within a phase comes as many events: each phase is shown once, with its last words. What comes without a phase
 * (that a command waits for its turn, that someone cancelled it) belongs to what went before.
 */
export function merged(events: readonly CommandEvent[]): Shown[] {
  const shown: Shown[] = [];
  for (const event of events) {
    const before = shown.at(-1);
    if (before === undefined || before.status !== event.status) shown.push(event);
    else if (event.phase === "") {
      if (event.message !== "") shown[shown.length - 1] = { ...before, note: event.message };
    } else if (before.phase === event.phase) {
      shown[shown.length - 1] = { ...before, ...event, at: before.at, message: event.message || before.message };
    } else shown.push(event);
  }
  return shown;
}

/** Index of the phase in which it went wrong: the one before the roll-back, or before the failure; -1 without one. */
export function brokenPhase(events: readonly Pick<CommandEvent, "status" | "phase">[]): number {
  const after = events.findIndex(({ phase, status }) => phase === "rollback" || status === "failed");
  const before = events[after - 1];
  return before !== undefined && before.phase !== "" ? after - 1 : -1;
}

/** An image reference without its registry and folders: `registry.example.org/team/app:2` -> `app:2`. */
export function shortImage(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

/** What each type of command does, for people. */
export const typeWords: Record<string, string> = {
  "agent.ping": "Ping the agent",
  "host.refresh": "Collect everything now",
  "container.start": "Start",
  "container.stop": "Stop",
  "container.restart": "Restart",
  "container.update": "Update",
  "container.rollback": "Roll back",
  "container.pause": "Pause",
  "container.unpause": "Resume",
  "container.kill": "Kill",
  "container.remove": "Remove",
  "container.backup": "Back up",
  "container.restore": "Restore backup",
  "backup.verify": "Verify backup",
  "backup.delete": "Delete backup",
  "image.pull": "Pull",
  "image.remove": "Remove image",
  "runtime.prune": "Prune",
  "project.update": "Update project",
  "database.configure": "Set the credentials of",
  "drive.selftest": "Test",
  "drive.acknowledge": "Acknowledge counters of",
  "pool.scrub": "Scrub",
};

/** `Update web to nginx:1.29`. */
export function commandTitle(command: Pick<Command, "type" | "args">): string {
  const { container, image, database, drive, pool, type, action, reset } = command.args;
  const words = [typeWords[command.type] ?? command.type];
  const { project, backup, scope, dryRun } = command.args;
  if (dryRun === true) words[0] = `Plan: ${String(words[0]).toLowerCase()}`;
  if (typeof scope === "string") words.push(scope.replace("-", " "));
  if (command.type === "database.configure" && command.args.sealed === "") words[0] = "Forget the credentials of";
  if (command.type === "drive.acknowledge" && reset === true) words[0] = "Forget acknowledged counters of";
  for (const subject of [container, database, pool, project, backup])
    if (typeof subject === "string") words.push(subject);
  if (typeof drive === "string") words.push(driveKeyName(drive));
  if (typeof image === "string") words.push(container === undefined ? image : `to ${shortImage(image)}`);
  if (command.type === "drive.selftest" && typeof type === "string") words.push(`(${type})`);
  if (command.type === "pool.scrub" && typeof action === "string") words.push(`(${action})`);
  return words.join(" ");
}

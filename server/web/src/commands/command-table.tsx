import { Link } from "@tanstack/react-router";
import type { Command } from "../api/types.ts";
import { formatDuration } from "../format/units.ts";
import { StateDot } from "../ui/badge.tsx";
import { Ago } from "../ui/time.tsx";
import { commandTitle, commandTone } from "./command-progress.tsx";

/** Commands, newest first, as the API orders them. */
export function CommandTable({ commands, oneServer }: { commands: Command[]; oneServer?: boolean }) {
  return (
    <table className="data">
      <thead>
        <tr>
          <th>Command</th>
          {!oneServer && <th>Server</th>}
          <th>Status</th>
          <th>Phase</th>
          {!oneServer && <th>By</th>}
          {!oneServer && <th className="num">Took</th>}
          <th>When</th>
        </tr>
      </thead>
      <tbody>
        {commands.map((command) => (
          <tr key={command.id}>
            <td>
              <Link to="/commands/$id" params={{ id: command.id }} className="font-medium hover:underline">
                {commandTitle(command)}
              </Link>
            </td>
            {!oneServer && (
              <td data-label="Server">
                <Link to="/servers/$id" params={{ id: command.serverId }} className="text-soft hover:underline">
                  {command.serverName}
                </Link>
              </td>
            )}
            <td data-label="Status">
              <StateDot state={command.status} tone={commandTone(command.status)} />
            </td>
            <td {...(phaseText(command) && { "data-label": "Phase" })} className="text-muted md:max-w-80">
              {phaseText(command)}
            </td>
            {!oneServer && (
              <td data-label="By" className="text-muted">
                {command.createdBy}
              </td>
            )}
            {!oneServer && (
              <td data-label="Took" className="num text-muted">
                {tookText(command)}
              </td>
            )}
            <td data-label="When" className="text-muted">
              <Ago at={command.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function phaseText(command: Command): string {
  if (command.reason) return command.reason;
  if (command.finishedAt) return "";
  const last = command.events?.at(-1);
  if (!last) return "";
  const percent = last.percent !== null && last.percent >= 0 ? ` ${Math.round(last.percent)} %` : "";
  return `${last.phase || last.message}${percent}`;
}

function tookText(command: Command): string {
  if (!command.finishedAt) return "";
  return formatDuration((Date.parse(command.finishedAt) - Date.parse(command.createdAt)) / 1000);
}

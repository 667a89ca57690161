import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { commandQuery } from "../api/queries.ts";
import type { Command } from "../api/types.ts";
import { CancelCommand } from "../commands/cancel-command.tsx";
import { commandTitle, commandTone, Phases } from "../commands/command-progress.tsx";
import { CommandResult } from "../commands/command-result.tsx";
import { StateDot } from "../ui/badge.tsx";
import { Icon } from "../ui/icons.tsx";
import { PageHead, Panel } from "../ui/page.tsx";
import { ErrorState, LoadingRows } from "../ui/states.tsx";
import { When } from "../ui/time.tsx";
import { Rows } from "./server/details.tsx";

const route = getRouteApi("/commands/$id");

/** One command: its phases, times, arguments and what came back. */
export function CommandPage() {
  const { id } = route.useParams();
  const query = useQuery(commandQuery(id));
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows />;
  }
  return <CommandView command={query.data} />;
}

function CommandView({ command }: { command: Command }) {
  return (
    <>
      <Link to="/commands" className="mb-1 inline-flex items-center gap-1 text-xs text-muted hover:text-text">
        <Icon name="left" size={12} /> Commands
      </Link>
      <PageHead
        title={commandTitle(command)}
        sub={<StateDot state={command.status} tone={commandTone(command.status)} />}
      >
        <CancelCommand command={command} />
      </PageHead>
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <Panel title="Phases">
          <div className="p-3">
            <Phases command={command} />
            <div className="mt-3">
              <CommandResult command={command} />
            </div>
          </div>
        </Panel>
        <div className="grid gap-3">
          <Panel title="Command">
            <Rows
              rows={[
                [
                  "Server",
                  <Link
                    key="server"
                    to="/servers/$id"
                    params={{ id: command.serverId }}
                    className="text-accent hover:underline"
                  >
                    {command.serverName}
                  </Link>,
                ],
                [
                  "Type",
                  <code key="type" className="font-mono text-xs">
                    {command.type}
                  </code>,
                ],
                [
                  "Id",
                  <code key="id" className="font-mono text-xs select-all">
                    {command.id}
                  </code>,
                ],
                ["By", command.createdBy],
                ["Created", <When key="created" at={command.createdAt} />],
                ["Sent", command.sentAt && <When key="sent" at={command.sentAt} />],
                ["Accepted", command.acceptedAt && <When key="accepted" at={command.acceptedAt} />],
                ["Started", command.startedAt && <When key="started" at={command.startedAt} />],
                ["Finished", command.finishedAt && <When key="finished" at={command.finishedAt} />],
                ["Deadline", <When key="deadline" at={command.deadline} />],
              ]}
            />
          </Panel>
          <Json title="Arguments" value={command.args} />
          <Json title="Output" value={command.output} />
        </div>
      </div>
    </>
  );
}

function Json({ title, value }: { title: string; value: Record<string, unknown> | null }) {
  if (!value || Object.keys(value).length === 0) return null;
  return (
    <Panel title={title}>
      <pre className="overflow-x-auto p-3 font-mono text-xs whitespace-pre-wrap">{JSON.stringify(value, null, 2)}</pre>
    </Panel>
  );
}

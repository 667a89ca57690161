import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client.ts";
import { commandsQuery, resourcesQuery, stateChangesQuery } from "../../api/queries.ts";
import type { Page, Resource, StateChange } from "../../api/types.ts";
import { CommandTable } from "../../commands/command-table.tsx";
import { StateDot } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";

/** What changed its state on a server of late, and what it was told to do. */
export function Activity({ serverId }: { serverId: string }) {
  const commands = useQuery(commandsQuery({ server: serverId }, 20));
  const own = useQuery(stateChangesQuery(serverId));
  const { data: resources } = useQuery(resourcesQuery(serverId));
  return (
    <div className="grid items-start gap-3 xl:grid-cols-2">
      <div className="grid gap-3">
        <Panel title="The server's states">
          <Loaded query={own} isEmpty={(rows) => rows.length === 0} empty={<EmptyState title="No change yet" />}>
            {(changes) => <Changes changes={changes.map((change) => ({ ...change, name: "" }))} />}
          </Loaded>
        </Panel>
        <Panel title="Containers, links and filesystems">
          {resources ? <ResourceChanges serverId={serverId} resources={resources} /> : null}
        </Panel>
      </div>
      <Panel title="Commands">
        <Loaded
          query={commands}
          isEmpty={(page) => page.items.length === 0}
          empty={<EmptyState icon="commands" title="No command yet" />}
        >
          {(page) => <CommandTable commands={page.items} oneServer />}
        </Loaded>
      </Panel>
    </div>
  );
}

type NamedChange = StateChange & { name: string };

function Changes({ changes }: { changes: NamedChange[] }) {
  return (
    <ul className="max-h-96 divide-y divide-line overflow-y-auto">
      {changes.map((change) => (
        <li key={change.id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5 px-3 py-2">
          {change.name && <span className="font-medium">{change.name}</span>}
          {change.from && <span className="text-muted">{change.from.replace("_", " ")} →</span>}
          <StateDot state={change.to} />
          <span className="min-w-0 flex-1 text-muted">{change.reason}</span>
          <span className="text-xs text-muted">
            <Ago at={change.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The histories of the resources that changed last. */
function ResourceChanges({ serverId, resources }: { serverId: string; resources: Resource[] }) {
  const recent = resources
    .filter((one) => one.stateSince !== null && one.kind !== "collector")
    .sort((a, b) => Date.parse(b.stateSince ?? "") - Date.parse(a.stateSince ?? ""))
    .slice(0, 8);
  const query = useQuery({
    queryKey: ["state-changes", serverId, recent.map((one) => one.id)],
    queryFn: ({ signal }) => loadChanges(recent, signal),
  });
  return (
    <Loaded
      query={query}
      isEmpty={(changes) => changes.length === 0}
      empty={<EmptyState title="Nothing has changed yet">What changes its state is listed here.</EmptyState>}
    >
      {(changes) => <Changes changes={changes} />}
    </Loaded>
  );
}

async function loadChanges(resources: readonly Resource[], signal: AbortSignal): Promise<NamedChange[]> {
  const histories = await Promise.all(
    resources.map(async (one) => {
      const page = await get<Page<StateChange>>(`resources/${one.id}/state-changes`, { limit: 20 }, signal);
      return page.items.map((change) => ({ ...change, name: `${one.kind} ${one.key}` }));
    }),
  );
  return histories
    .flat()
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, 40);
}

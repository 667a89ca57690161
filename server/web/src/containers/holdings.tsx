import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { containersQuery, holdingsQuery } from "../api/queries.ts";
import type { Container, Resource } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { SearchField } from "../ui/filter.tsx";
import { ActionMenu } from "../ui/menu.tsx";
import { Panel } from "../ui/page.tsx";
import { RecordTable } from "../ui/record-table.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { useCommands } from "./followed-command.tsx";
import { type HoldingKind, HoldingSummary, holdingColumns, imageName } from "./holding-columns.tsx";
import { list, listText, text } from "./holding-facts.ts";
import { type Prune, prunes } from "./holding-prunes.ts";
import { PullDialog } from "./pull-dialog.tsx";

const empties: Record<HoldingKind, string> = { image: "No image", volume: "No volume", network: "No network" };

type Props = {
  server: string;
  kind: HoldingKind;
  /** Part of a name; empty: all. */
  q: string;
  onSearch: (q: string) => void;
};

/** Images, volumes or networks of a server's engines: how large they are and what is unused. */
export function Holdings({ server, kind, q, onSearch }: Props) {
  const query = useQuery(holdingsQuery(server, kind));
  const may = useMay("operator");
  const commands = useCommands(server);
  const containers = useContainersByName(server);
  const [unusedOnly, setUnusedOnly] = useState(false);
  const [prune, setPrune] = useState<(Prune & { runtime: string }) | null>(null);
  const [pulling, setPulling] = useState(false);
  const [gone, setGone] = useState<Resource | null>(null);
  const runtimes = [...new Set((query.data ?? []).map((row) => text(row, "runtime")))].filter(Boolean).sort();
  const several = runtimes.length > 1;
  const prunable = (runtimes.length === 0 ? [""] : runtimes).flatMap((runtime) =>
    prunes[kind].map((scope) => ({ ...scope, runtime, name: several ? `${scope.name} of ${runtime}` : scope.name })),
  );
  const columns = useMemo(() => holdingColumns(kind, several, containers), [kind, several, containers]);
  const wanted = (row: Resource) =>
    (!unusedOnly || row.state !== "used") && holdingText(row).includes(q.trim().toLowerCase());
  const ofRuntime = (runtime: string) => (runtime === "" ? {} : { runtime });
  return (
    <Panel
      title={<HoldingSummary rows={query.data ?? []} kind={kind} />}
      actions={
        <>
          <SearchField label={`Search ${kind}s`} placeholder="Search name" value={q} onChange={onSearch} />
          <label className="flex items-center gap-1.5 text-xs text-soft">
            <input type="checkbox" checked={unusedOnly} onChange={(event) => setUnusedOnly(event.target.checked)} />
            Unused only
          </label>
          {may && kind === "image" && (
            <Button small icon="save" onClick={() => setPulling(true)}>
              Pull
            </Button>
          )}
          {may && (
            <ActionMenu
              label="Clean up"
              trigger={
                <Button small icon="trash">
                  Clean up
                </Button>
              }
              actions={prunable.map((one) => ({ label: one.name, danger: true, onSelect: () => setPrune(one) }))}
            />
          )}
        </>
      }
    >
      <Loaded
        query={query}
        isEmpty={(rows) => !rows.some(wanted)}
        empty={
          q.trim() !== "" ? (
            <EmptyState
              icon="search"
              title={`No ${kind} matches`}
              action={<Button onClick={() => onSearch("")}>Clear the filter</Button>}
            />
          ) : (
            <EmptyState icon="empty" title={unusedOnly ? "All are used" : empties[kind]}>
              {!unusedOnly && "The agent tells of them every five minutes."}
            </EmptyState>
          )
        }
      >
        {(rows) => (
          <RecordTable
            label={`${kind}s`}
            rows={rows.filter(wanted)}
            keyOf={({ id }) => id}
            columns={columns}
            sort={kind === "network" ? "Network" : "-Size"}
            {...(kind === "image" && {
              actions: (row: Resource) =>
                may && <IconButton icon="trash" label={`Remove ${imageName(row)}`} onClick={() => setGone(row)} />,
            })}
          />
        )}
      </Loaded>
      <Confirm
        open={prune !== null}
        onOpenChange={() => setPrune(null)}
        title={`${prune?.name ?? ""}?`}
        action="Remove them"
        danger
        onConfirm={() =>
          commands.send("runtime.prune", { scope: prune?.scope, ...ofRuntime(prune?.runtime ?? "") }, prune?.name ?? "")
        }
      >
        {prune?.says}
      </Confirm>
      <Confirm
        open={gone !== null}
        onOpenChange={() => setGone(null)}
        title={`Remove ${gone ? imageName(gone) : ""}?`}
        action="Remove"
        danger
        onConfirm={() =>
          commands.send(
            "image.remove",
            {
              image: gone ? (list(gone, "tags")[0] ?? text(gone, "id")) : "",
              ...ofRuntime(gone ? text(gone, "runtime") : ""),
            },
            "Remove image",
          )
        }
      >
        {gone?.state === "used"
          ? `It is used by ${listText(list(gone, "containers"))}: the engine will refuse.`
          : "It has to be pulled again to be used. A container that it was kept for can't be rolled back to it then."}
      </Confirm>
      {pulling && (
        <PullDialog
          runtimes={runtimes}
          onClose={() => setPulling(false)}
          onSubmit={(image, runtime) => commands.send("image.pull", { image, ...ofRuntime(runtime) }, `Pull ${image}`)}
        />
      )}
      {commands.dialog}
    </Panel>
  );
}

/** A server's containers, to link to those that use something. */
function useContainersByName(server: string): ReadonlyMap<string, Container> {
  const { data } = useQuery(containersQuery(server));
  return useMemo(() => new Map((data ?? []).map((container) => [container.name, container])), [data]);
}

function holdingText(row: Resource): string {
  return [row.key, text(row, "name"), ...list(row, "tags"), ...list(row, "containers")].join(" ").toLowerCase();
}

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { holdingsQuery } from "../api/queries.ts";
import type { Resource } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { formatBytes } from "../format/units.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { ActionMenu } from "../ui/menu.tsx";
import { Panel } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { Ago } from "../ui/time.tsx";
import { useCommands } from "./followed-command.tsx";
import { list, listText, text, time } from "./holding-facts.ts";

export type HoldingKind = "image" | "volume" | "network";
type Scope = { scope: string; name: string; says: string };
type Column = { label: string; num?: true; cell: (row: Resource) => ReactNode };

const prunes: Record<HoldingKind, readonly Scope[]> = {
  image: [
    {
      scope: "dangling-images",
      name: "Prune untagged images",
      says: "Images without a tag that no container uses are removed.",
    },
    {
      scope: "unused-images",
      name: "Prune unused images",
      says: "All images that no container uses are removed, also those kept for a roll-back.",
    },
    { scope: "build-cache", name: "Prune the build cache", says: "The next build takes longer." },
  ],
  volume: [
    {
      scope: "volumes",
      name: "Prune anonymous volumes",
      says: "Anonymous volumes that no container uses are removed with their data. Named ones stay.",
    },
  ],
  network: [{ scope: "networks", name: "Prune unused networks", says: "Networks that no container uses are removed." }],
};

const size: Column = { label: "Size", num: true, cell: (row) => known(row.latest?.values.size_bytes) };
const usedBy: Column = { label: "Used by", cell: (row) => <UsedBy row={row} /> };
const created: Column = { label: "Made", cell: (row) => time(row, "createdAt") && <Ago at={time(row, "createdAt")} /> };

const columns: Record<HoldingKind, readonly Column[]> = {
  image: [size, usedBy, created],
  volume: [{ label: "Driver", cell: (row) => text(row, "driver") }, size, usedBy, created],
  network: [
    { label: "Driver", cell: (row) => text(row, "driver") },
    { label: "Subnets", cell: (row) => list(row, "subnets").join(", ") },
    usedBy,
  ],
};
const empties: Record<HoldingKind, string> = { image: "No image", volume: "No volume", network: "No network" };

/** Images, volumes or networks of a server's engines: how large they are and what is unused. */
export function Holdings({ server, kind }: { server: string; kind: HoldingKind }) {
  const query = useQuery(holdingsQuery(server, kind));
  const may = useMay("operator");
  const commands = useCommands(server);
  const [unusedOnly, setUnusedOnly] = useState(false);
  const [prune, setPrune] = useState<(Scope & { runtime: string }) | null>(null);
  const [pulling, setPulling] = useState(false);
  const [gone, setGone] = useState<Resource | null>(null);
  const runtimes = [...new Set((query.data ?? []).map((row) => text(row, "runtime")))].filter(Boolean).sort();
  const several = runtimes.length > 1;
  const prunable = (runtimes.length === 0 ? [""] : runtimes).flatMap((runtime) =>
    prunes[kind].map((scope) => ({ ...scope, runtime, name: several ? `${scope.name} of ${runtime}` : scope.name })),
  );
  const ofRuntime = (runtime: string) => (runtime === "" ? {} : { runtime });
  return (
    <Panel
      title={<Summary rows={query.data ?? []} kind={kind} />}
      actions={
        <>
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
        isEmpty={(rows) => !rows.some((row) => !unusedOnly || row.state !== "used")}
        empty={
          <EmptyState icon="empty" title={unusedOnly ? "All are used" : empties[kind]}>
            {!unusedOnly && "The agent tells of them every five minutes."}
          </EmptyState>
        }
      >
        {(rows) => (
          <table className="data" aria-label={`${kind}s`}>
            <thead>
              <tr>
                <th>{kind[0]?.toUpperCase() + kind.slice(1)}</th>
                {several && <th>Runtime</th>}
                {columns[kind].map(({ label, num }) => (
                  <th key={label} className={num ? "num" : ""}>
                    {label}
                  </th>
                ))}
                {kind === "image" && (
                  <th>
                    <span className="sr-only">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {rows
                .filter((row) => !unusedOnly || row.state !== "used")
                .sort(byWeight)
                .map((row) => (
                  <tr key={row.id}>
                    <td className="md:max-w-96">
                      <Name row={row} kind={kind} />
                    </td>
                    {several && <td data-label="Runtime">{text(row, "runtime")}</td>}
                    {columns[kind].map(({ label, num, cell }) => (
                      <td key={label} data-label={label} className={num ? "num" : "text-soft md:max-w-72"}>
                        {cell(row)}
                      </td>
                    ))}
                    {kind === "image" && (
                      <td className="md:text-right">
                        {may && (
                          <IconButton icon="trash" label={`Remove ${imageName(row)}`} onClick={() => setGone(row)} />
                        )}
                      </td>
                    )}
                  </tr>
                ))}
            </tbody>
          </table>
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

function PullDialog(props: {
  runtimes: readonly string[];
  onClose: () => void;
  onSubmit: (image: string, runtime: string) => Promise<void>;
}) {
  const [image, setImage] = useState("");
  const [runtime, setRuntime] = useState("");
  return (
    <Dialog open onOpenChange={props.onClose} title="Pull an image">
      <Form
        submit="Pull"
        disabled={!image.trim()}
        onCancel={props.onClose}
        onSubmit={async () => {
          await props.onSubmit(image.trim(), runtime);
          props.onClose();
        }}
      >
        {(error) => (
          <>
            <Field label="Image" hint="registry/name:tag, or name@sha256:..." error={error("image")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field font-mono"
                  spellCheck={false}
                  autoCapitalize="none"
                  value={image}
                  onChange={(event) => setImage(event.target.value)}
                />
              )}
            </Field>
            {props.runtimes.length > 1 && (
              <Field label="Runtime">
                {(attributes) => (
                  <select
                    {...attributes}
                    className="field"
                    value={runtime}
                    onChange={(event) => setRuntime(event.target.value)}
                  >
                    <option value="">The first</option>
                    {props.runtimes.map((name) => (
                      <option key={name}>{name}</option>
                    ))}
                  </select>
                )}
              </Field>
            )}
          </>
        )}
      </Form>
    </Dialog>
  );
}

function Summary({ rows, kind }: { rows: readonly Resource[]; kind: HoldingKind }) {
  const unused = rows.filter(({ state }) => state !== "used");
  const bytes = (some: readonly Resource[]) => some.reduce((sum, row) => sum + (row.latest?.values.size_bytes ?? 0), 0);
  const sized = kind !== "network" && bytes(rows) > 0;
  return (
    <span className="text-xs font-normal text-muted">
      {rows.length} {rows.length === 1 ? kind : `${kind}s`}
      {sized && `, ${formatBytes(bytes(rows))}`}
      {unused.length > 0 && `; ${unused.length} unused`}
      {sized && unused.length > 0 && bytes(unused) > 0 && `, ${formatBytes(bytes(unused))}`}
    </span>
  );
}

function Name({ row, kind }: { row: Resource; kind: HoldingKind }) {
  const sign =
    row.state === "used" ? null : <Badge tone={row.state === "dangling" ? "warn" : "idle"}>{row.state}</Badge>;
  if (kind !== "image") {
    return (
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="font-mono text-xs break-all">{text(row, "name") || row.key}</span>
        {row.attributes.anonymous === true && <Badge tone="idle">anonymous</Badge>}
        {row.attributes.builtin === true && <Badge tone="idle">built in</Badge>}
        {row.attributes.internal === true && <Badge tone="idle">internal</Badge>}
        {sign}
      </span>
    );
  }
  const tags = list(row, "tags");
  return (
    <span title={[text(row, "id"), ...list(row, "digests")].join("\n")}>
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="font-mono text-xs break-all">{imageName(row)}</span>
        {sign}
      </span>
      {tags.length > 1 && (
        <span className="block font-mono text-xs break-all text-muted">{listText(tags.slice(1))}</span>
      )}
    </span>
  );
}

function imageName(row: Resource): string {
  return list(row, "tags")[0] ?? (text(row, "id") || row.key).replace("sha256:", "").slice(0, 12);
}

function UsedBy({ row }: { row: Resource }) {
  const names = list(row, "containers");
  return names.length === 0 ? null : <span title={names.join("\n")}>{listText(names)}</span>;
}

function known(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? "" : formatBytes(bytes);
}

/** The largest first, then by name. */
function byWeight(a: Resource, b: Resource): number {
  const weight = (row: Resource) => row.latest?.values.size_bytes ?? 0;
  return weight(b) - weight(a) || a.key.localeCompare(b.key);
}

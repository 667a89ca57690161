import { Link } from "@tanstack/react-router";
import type { Container, Resource } from "../api/types.ts";
import { formatBytes } from "../format/units.ts";
import { Badge } from "../ui/badge.tsx";
import type { RecordColumn } from "../ui/record-table.tsx";
import { Ago } from "../ui/time.tsx";
import { list, listText, text, time } from "./holding-facts.ts";

export type HoldingKind = "image" | "volume" | "network";
type Column = RecordColumn<Resource>;

const size: Column = {
  label: "Size",
  num: true,
  down: true,
  by: ({ latest }) => latest?.values.size_bytes ?? null,
  cell: (row) => known(row.latest?.values.size_bytes),
};
const created: Column = {
  label: "Made",
  look: "text-soft",
  down: true,
  by: (row) => time(row, "createdAt"),
  cell: (row) => time(row, "createdAt") && <Ago at={time(row, "createdAt")} />,
};
const driver: Column = {
  label: "Driver",
  look: "text-soft",
  by: (row) => text(row, "driver"),
  cell: (row) => text(row, "driver"),
};
const runtime: Column = {
  label: "Runtime",
  by: (row) => text(row, "runtime"),
  cell: (row) => text(row, "runtime"),
};
const subnets: Column = {
  label: "Subnets",
  look: "text-soft md:max-w-72",
  cell: (row) => list(row, "subnets").join(", "),
};

/** What is shown of a kind; the containers that use something are linked where they are known by that name. */
export function holdingColumns(
  kind: HoldingKind,
  severalRuntimes: boolean,
  containers: ReadonlyMap<string, Container>,
): Column[] {
  const name: Column = {
    label: kind.charAt(0).toUpperCase() + kind.slice(1),
    look: "md:max-w-96",
    by: (row) => (kind === "image" ? imageName(row) : text(row, "name") || row.key),
    cell: (row) => <HoldingName row={row} kind={kind} />,
  };
  const usedBy: Column = {
    label: "Used by",
    look: "text-soft md:max-w-72",
    down: true,
    by: (row) => list(row, "containers").length,
    cell: (row) =>
      list(row, "containers").length > 0 && <UsedBy names={list(row, "containers")} containers={containers} />,
  };
  const first = severalRuntimes ? [name, runtime] : [name];
  if (kind === "image") return [...first, size, usedBy, created];
  if (kind === "volume") return [...first, driver, size, usedBy, created];
  return [...first, driver, subnets, usedBy];
}

/** How many there are, their size, and how much of that is unused. */
export function HoldingSummary({ rows, kind }: { rows: readonly Resource[]; kind: HoldingKind }) {
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

/** The name of an image, volume or network, with what is special about it. */
export function HoldingName({ row, kind }: { row: Resource; kind: HoldingKind }) {
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

/** Its first tag, else the beginning of its id. */
export function imageName(row: Resource): string {
  return list(row, "tags")[0] ?? (text(row, "id") || row.key).replace("sha256:", "").slice(0, 12);
}

const mostUsers = 3;

function UsedBy({ names, containers }: { names: string[]; containers: ReadonlyMap<string, Container> }) {
  return (
    <span title={names.join("\n")}>
      {names.slice(0, mostUsers).map((name, i) => {
        const container = containers.get(name);
        return (
          <span key={name}>
            {i > 0 && ", "}
            {container === undefined ? (
              name
            ) : (
              <Link to="/containers/$id" params={{ id: String(container.id) }} className="hover:underline">
                {name}
              </Link>
            )}
          </span>
        );
      })}
      {names.length > mostUsers && ` and ${names.length - mostUsers} more`}
    </span>
  );
}

function known(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? "" : formatBytes(bytes);
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { resourcesQuery } from "../../api/queries.ts";
import type { Resource } from "../../api/types.ts";
import { formatRatio, formatUnit } from "../../format/units.ts";
import { PlainTable } from "../../ui/plain-table.tsx";
import { NothingYet } from "./empty.tsx";
import { DriveList, FilesystemList, PoolList } from "./lists.tsx";
import { StorageState } from "./parts.tsx";
import { usualSorts } from "./queries.ts";
import { badPoolStates, badVerdicts } from "./words.ts";

/** The storage of one server, for its page. */
export function ServerStorage({ server }: { server: string }) {
  const [sorts, setSorts] = useState(usualSorts);
  const sort = (list: keyof typeof usualSorts) => (next: string) => setSorts((old) => ({ ...old, [list]: next }));
  return (
    <div className="grid gap-3">
      <DriveList
        withoutServer
        title="Drives"
        filter={{ server, sort: sorts.drives }}
        onSort={sort("drives")}
        empty={<NothingYet here list="drives" />}
      />
      <PoolList
        withoutServer
        title="Pools"
        filter={{ server, sort: sorts.pools }}
        onSort={sort("pools")}
        empty={<NothingYet here list="pools" />}
      />
      <Controllers server={server} />
      <FilesystemList
        withoutServer
        title="Filesystems"
        filter={{ server, sort: sorts.filesystems }}
        onSort={sort("filesystems")}
        empty={<NothingYet here list="filesystems" />}
      />
    </div>
  );
}

const bad = new Set([...badVerdicts.split(","), ...badPoolStates.split(",")]);

/** Whether a drive, pool or controller needs attention. */
export function isAmiss({ kind, state }: Resource): boolean {
  return ["drive", "pool", "controller"].includes(kind) && bad.has(state ?? "");
}

/** RAID controllers with their batteries; nothing where there is none. */
function Controllers({ server }: { server: string }) {
  const { data } = useQuery(resourcesQuery(server));
  const controllers = data?.filter(({ kind, goneAt }) => kind === "controller" && goneAt === null) ?? [];
  if (controllers.length === 0) return null;
  return (
    <PlainTable
      title="RAID controllers"
      rows={controllers}
      columns={[
        { label: "Controller", cell: ({ key, labels }) => <Named name={labels.model ?? key} sub={key} /> },
        { label: "State", cell: ({ state }) => <StorageState state={state} /> },
        { label: "Firmware", cell: ({ attributes }) => text(attributes.firmware) },
        { label: "Battery", cell: battery },
        { label: "Temperature", num: true, cell: (row) => value(row, "temperature_celsius", "celsius") },
        { label: "Memory errors", num: true, cell: (row) => value(row, "uncorrectable_memory_errors", "count") },
      ]}
    />
  );
}

function Named({ name, sub }: { name: string; sub: string }) {
  return (
    <>
      <span className="font-medium">{name}</span>
      {sub !== name && <span className="block text-xs text-muted">{sub}</span>}
    </>
  );
}

function battery({ attributes, latest }: Resource) {
  const told = attributes.battery;
  const state = typeof told === "object" && told !== null ? text((told as Record<string, unknown>).state) : null;
  const charge = latest?.values.battery_charge_ratio ?? null;
  const ok = latest?.values.battery_ok ?? null;
  if (state === null && ok === null) return null;
  return (
    <span className={ok === 0 ? "text-crit" : ""}>
      {state ?? (ok === 0 ? "not well" : "well")}
      {charge !== null && `, ${formatRatio(charge)}`}
    </span>
  );
}

function value({ latest }: Resource, metric: string, unit: string): string | null {
  const known = latest?.values[metric] ?? null;
  return known === null ? null : formatUnit(unit, known);
}

function text(told: unknown): string | null {
  return typeof told === "string" && told !== "" ? told : null;
}

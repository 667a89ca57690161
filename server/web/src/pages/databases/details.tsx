import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { DatabaseDetail, OwnDatabase, Scalars } from "../../api/database-types.ts";
import { containersQuery } from "../../api/queries.ts";
import { formatBytes, formatNumber, formatRatio, missing } from "../../format/units.ts";
import { Panel } from "../../ui/page.tsx";
import { known, Mono, PlainTable } from "../../ui/plain-table.tsx";
import { When } from "../../ui/time.tsx";
import { Rows } from "../server/details.tsx";
import { plainName, plainValue } from "./plain-table.tsx";

/** Where it is, how it is set up, and what else its agent told. */
export function Details({ database }: { database: DatabaseDetail }) {
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Facts database={database} />
      {database.persistence && <Values title="Persistence" values={database.persistence} />}
      {database.settings && <Values title="Settings" values={database.settings} />}
      {database.more.map(({ name, rows }) =>
        rows.length === 1 ? (
          <Values key={name} title={plainName(name)} values={rows[0] ?? {}} />
        ) : (
          <PlainTable key={name} title={plainName(name)} rows={rows} columns={columnsOf(rows)} />
        ),
      )}
    </div>
  );
}

/** The databases that this server holds, the largest first. */
export function OwnDatabases({ title, rows }: { title: string; rows: readonly OwnDatabase[] }) {
  return (
    <PlainTable
      title={title}
      rows={rows.toSorted((a, b) => (b.sizeBytes ?? -1) - (a.sizeBytes ?? -1))}
      columns={[
        { label: "Name", cell: ({ name }) => <span className="font-medium">{name ?? missing}</span> },
        { label: "Size", num: true, cell: ({ sizeBytes }) => known(sizeBytes, formatBytes) },
        { label: "Connections", num: true, cell: ({ connections }) => known(connections, formatNumber) },
        { label: "Cache hit", num: true, cell: ({ cacheHitRatio }) => known(cacheHitRatio, formatRatio) },
        { label: "Tables", num: true, cell: ({ tables }) => known(tables, formatNumber) },
        { label: "Documents", num: true, cell: ({ objects }) => known(objects, formatNumber) },
        { label: "Keys", num: true, cell: ({ keys }) => known(keys, formatNumber) },
        { label: "That expire", num: true, cell: ({ expires }) => known(expires, formatNumber) },
        {
          label: "Transaction id age",
          num: true,
          cell: ({ transactionIdAge }) => known(transactionIdAge, formatNumber),
        },
      ]}
    />
  );
}

/** The container that it runs in, with a link once it is known. */
function ContainerNamed({ database, name }: { database: DatabaseDetail; name: string }) {
  const { data } = useQuery(containersQuery(database.serverId));
  const container = data?.find((one) => one.name === name);
  if (container === undefined) return name;
  return (
    <Link to="/containers/$id" params={{ id: String(container.id) }} className="text-accent hover:underline">
      {name}
    </Link>
  );
}

function Facts({ database }: { database: DatabaseDetail }) {
  const { tls, process, pid, disks, address, socket } = database;
  const rows: [string, ReactNode][] = [
    ["Key", <Mono key="key" text={database.key} />],
    ["Product", database.product],
    ["Address", address && <Mono text={address} />],
    ["Socket", socket && socket !== address && <Mono text={socket} />],
    ["Container", database.container && <ContainerNamed database={database} name={database.container} />],
    ["Process", process && (pid === null ? process : `${process}, pid ${pid}`)],
    ["Data directory", database.dataDirectory && <Mono text={database.dataDirectory} />],
    [
      "Disks",
      disks && disks.length > 0 && (
        <span className="inline-flex flex-wrap gap-x-2">
          {disks.map((disk) => (
            <Link
              key={disk}
              to="/storage"
              search={{ tab: "drives", q: disk, server: database.serverId }}
              className="text-accent hover:underline"
            >
              {disk}
            </Link>
          ))}
        </span>
      ),
    ],
    ["TLS", tls && tlsText(tls)],
    ["Certificate ends", tls?.certificateEnds && <When at={tls.certificateEnds} />],
    ["Credentials", credentialWords[database.credentials ?? ""] ?? database.credentials],
    ["Known by", database.source === "configuration" ? "the agent's configuration" : "discovery"],
    ["Last error", database.error],
  ];
  return (
    <Panel title="Facts">
      <Rows rows={rows.filter(([, value]) => Boolean(value))} />
    </Panel>
  );
}

const credentialWords: Record<string, string> = {
  none_needed: "none needed",
  configured: "set",
  missing: "missing",
  refused: "refused",
};

function tlsText({ mode, used }: { mode: string | null; used: boolean | null }): string {
  const word = used === null ? null : used ? "used" : "not used";
  return [word, mode && `mode ${mode}`].filter(Boolean).join(", ");
}

function Values({ title, values }: { title: string; values: Scalars }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <Panel title={title}>
      <dl className="divide-y divide-line">
        {entries.map(([name, value]) => (
          <div key={name} className="grid grid-cols-2 gap-3 px-3 py-1.5">
            <dt className="text-muted">{plainName(name)}</dt>
            <dd className="min-w-0">{plainValue(name, value)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function columnsOf(rows: readonly Scalars[]) {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))].map((name) => ({
    label: plainName(name),
    ...(rows.every((row) => typeof (row[name] ?? 0) === "number") && { num: true as const }),
    cell: (row: Scalars) => known(row[name] ?? null, (value) => plainValue(name, value)),
  }));
}

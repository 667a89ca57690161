import type { ReactNode } from "react";
import type { DatabaseDetail, OwnDatabase, Replication, Running, Statement } from "../../api/database-types.ts";
import { formatBytes, formatDuration, formatNumber, formatRatio, missing } from "../../format/units.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { Rows } from "../server/details.tsx";
import { lagTone } from "./table.tsx";

/** The tables and facts of a database, those that its agent told something for. */
export function Parts({ database }: { database: DatabaseDetail }) {
  return (
    <div className="mt-3 space-y-3">
      {database.longRunning && database.longRunning.length > 0 && <LongRunning rows={database.longRunning} />}
      {database.replication && <ReplicationParts replication={database.replication} />}
      {database.topStatements && database.topStatements.length > 0 && <Statements rows={database.topStatements} />}
      {database.databases && database.databases.length > 0 && <Databases rows={database.databases} />}
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <Facts database={database} />
        {database.persistence && <Scalars title="Persistence" values={database.persistence} />}
        {database.settings && <Scalars title="Settings" values={database.settings} />}
      </div>
    </div>
  );
}

/** One column: what stands above it, whether it holds figures, and the cell of a row. One that is empty in every row is left out. */
type Column<T> = { label: string; num?: true; cell: (row: T) => ReactNode };

function Table<T>({ title, rows, columns }: { title: string; rows: readonly T[]; columns: readonly Column<T>[] }) {
  const shown = columns.filter(({ cell }) => rows.some((row) => Boolean(cell(row))));
  return (
    <Panel title={title}>
      <table className="data">
        <thead>
          <tr>
            {shown.map(({ label, num }) => (
              <th key={label} className={num ? "num" : ""}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
            <tr key={i}>
              {shown.map(({ label, num, cell }, at) => (
                <td key={label} {...(at > 0 && { "data-label": label })} className={num ? "num" : ""}>
                  {cell(row) || <span className="text-muted">{missing}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function LongRunning({ rows }: { rows: readonly Running[] }) {
  return (
    <Table
      title="Running for long"
      rows={rows}
      columns={[
        { label: "Statement", cell: ({ text }) => text && <Code text={text} /> },
        { label: "For", num: true, cell: ({ seconds }) => seconds !== null && formatDuration(seconds) },
        { label: "User", cell: ({ user }) => user },
        { label: "Database", cell: ({ database }) => database },
        { label: "State", cell: ({ state }) => state },
        { label: "Waits for", cell: ({ waitsFor }) => waitsFor && <Badge tone="warn">{waitsFor}</Badge> },
      ]}
    />
  );
}

function Statements({ rows }: { rows: readonly Statement[] }) {
  const total = rows.reduce((sum, { totalSeconds }) => sum + (totalSeconds ?? 0), 0);
  return (
    <Table
      title="Statements that took most time"
      rows={rows}
      columns={[
        { label: "Statement", cell: ({ text }) => text && <Code text={text} /> },
        {
          label: "Total",
          num: true,
          cell: ({ totalSeconds }) =>
            totalSeconds !== null && (
              <span title={total > 0 ? `${formatRatio(totalSeconds / total)} of those shown` : ""}>
                {formatDuration(totalSeconds)}
              </span>
            ),
        },
        { label: "Calls", num: true, cell: ({ calls }) => calls !== null && formatNumber(calls) },
        { label: "Mean", num: true, cell: ({ meanSeconds }) => meanSeconds !== null && formatDuration(meanSeconds) },
        { label: "Rows", num: true, cell: ({ rows: count }) => count !== null && formatNumber(count) },
        { label: "Cache hit", num: true, cell: ({ hitRatio }) => hitRatio !== null && formatRatio(hitRatio) },
      ]}
    />
  );
}

function Databases({ rows }: { rows: readonly OwnDatabase[] }) {
  return (
    <Table
      title="Databases by size"
      rows={rows.toSorted((a, b) => (b.sizeBytes ?? -1) - (a.sizeBytes ?? -1))}
      columns={[
        { label: "Name", cell: ({ name }) => <span className="font-medium">{name ?? missing}</span> },
        { label: "Size", num: true, cell: ({ sizeBytes }) => sizeBytes !== null && formatBytes(sizeBytes) },
        {
          label: "Connections",
          num: true,
          cell: ({ connections }) => connections !== null && formatNumber(connections),
        },
        {
          label: "Cache hit",
          num: true,
          cell: ({ cacheHitRatio }) => cacheHitRatio !== null && formatRatio(cacheHitRatio),
        },
        { label: "Tables", num: true, cell: ({ tables }) => tables !== null && formatNumber(tables) },
        { label: "Keys", num: true, cell: ({ keys }) => keys !== null && formatNumber(keys) },
        {
          label: "Transaction id age",
          num: true,
          cell: ({ transactionIdAge }) => transactionIdAge !== null && formatNumber(transactionIdAge),
        },
      ]}
    />
  );
}

function ReplicationParts({ replication }: { replication: Replication }) {
  const { role, upstream, state, replicas, slots } = replication;
  return (
    <>
      {(upstream !== null || state !== null) && (
        <Panel title="Replication">
          <Rows
            rows={[
              ["Role", role],
              ["Follows", upstream && <code className="font-mono text-xs">{upstream}</code>],
              ["State", state && <Badge tone={replicationTone(state)}>{state}</Badge>],
            ]}
          />
        </Panel>
      )}
      {replicas && replicas.length > 0 && (
        <Table
          title="Replicas"
          rows={replicas}
          columns={[
            { label: "Replica", cell: ({ name, address }) => <span className="font-medium">{name ?? address}</span> },
            { label: "Address", cell: ({ name, address }) => name !== null && address },
            {
              label: "State",
              cell: (row) => row.state && <Badge tone={replicationTone(row.state)}>{row.state}</Badge>,
            },
            { label: "Sync", cell: ({ sync }) => sync },
            {
              label: "Behind",
              num: true,
              cell: ({ lagSeconds }) =>
                lagSeconds !== null && <span className={lagTone(lagSeconds)}>{formatDuration(lagSeconds)}</span>,
            },
            { label: "In bytes", num: true, cell: ({ lagBytes }) => lagBytes !== null && formatBytes(lagBytes) },
          ]}
        />
      )}
      {slots && slots.length > 0 && (
        <Table
          title="Replication slots"
          rows={slots}
          columns={[
            { label: "Slot", cell: ({ name }) => <span className="font-medium">{name ?? missing}</span> },
            {
              label: "Read by",
              cell: ({ active }) =>
                active !== null && <Badge tone={active ? "ok" : "warn"}>{active ? "active" : "nobody"}</Badge>,
            },
            {
              label: "Log kept",
              num: true,
              cell: ({ retainedBytes }) => retainedBytes !== null && formatBytes(retainedBytes),
            },
            {
              label: "WAL",
              cell: ({ walStatus }) => walStatus && <Badge tone={walTone(walStatus)}>{walStatus}</Badge>,
            },
          ]}
        />
      )}
    </>
  );
}

function Facts({ database }: { database: DatabaseDetail }) {
  const { tls, process, pid, disks } = database;
  return (
    <Panel title="Facts">
      <Rows
        rows={[
          ["Key", <Mono key="key" text={database.key} />],
          ["Address", database.address && <Mono text={database.address} />],
          ["Socket", database.socket && database.socket !== database.address && <Mono text={database.socket} />],
          ["Container", database.container],
          ["Process", process && (pid === null ? process : `${process}, pid ${pid}`)],
          ["Data directory", database.dataDirectory && <Mono text={database.dataDirectory} />],
          ["Disks", disks && disks.length > 0 && disks.join(", ")],
          ["TLS", tls && tlsText(tls)],
          ["Credentials", credentialWords[database.credentials ?? ""] ?? database.credentials],
          ["Known by", database.source === "configuration" ? "the agent's configuration" : "discovery"],
        ]
          .map(([name, value]) => [name, value === false ? null : value] as [string, ReactNode])
          .filter(([, value]) => value !== null)}
      />
    </Panel>
  );
}

const credentialWords: Record<string, string> = {
  none_needed: "none needed",
  configured: "set",
  missing: "missing",
  refused: "refused",
};

function tlsText({ mode, used }: { mode: string | null; used: boolean | null }): string | null {
  const word = used === null ? null : used ? "used" : "not used";
  return [word, mode && `mode ${mode}`].filter(Boolean).join(", ") || null;
}

function Scalars({ title, values }: { title: string; values: Record<string, string | number | boolean> }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <Panel title={title}>
      <dl className="divide-y divide-line">
        {entries.map(([name, value]) => (
          <div key={name} className="grid grid-cols-2 gap-3 px-3 py-1.5">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0">{scalar(name, value)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** Names in camelCase or snake_case end in their unit. */
function scalar(name: string, value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (/bytes$/i.test(name)) return formatBytes(value);
  if (/seconds$/i.test(name)) return formatDuration(value);
  if (/ratio$/i.test(name)) return formatRatio(value);
  return formatNumber(value);
}

function replicationTone(state: string): Tone {
  if (/^(streaming|online|secondary|primary|connected|running|up|yes)/i.test(state)) return "ok";
  return /catchup|startup|recovering|backup|sync|wait/i.test(state) ? "warn" : "crit";
}

function walTone(status: string): Tone {
  return status === "lost" ? "crit" : status === "unreserved" ? "warn" : "idle";
}

function Mono({ text }: { text: string }) {
  return <code className="font-mono text-xs break-all select-all">{text}</code>;
}

/** A statement on a few lines; the whole of it on click. */
function Code({ text }: { text: string }) {
  return (
    <details className="group min-w-0 md:max-w-xl">
      <summary className="line-clamp-2 list-none font-mono text-xs break-all text-soft group-open:line-clamp-none">
        {text}
      </summary>
    </details>
  );
}

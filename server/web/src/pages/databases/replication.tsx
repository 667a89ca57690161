import type { Channel, Cluster, DatabaseDetail, Replica, Slot } from "../../api/database-types.ts";
import { formatBytes, formatDuration, formatNumber } from "../../format/units.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { type Column, known, Mono, PlainTable } from "../../ui/plain-table.tsx";
import { Rows } from "../server/details.tsx";
import { lagTone } from "./table.tsx";

/** Whether there is anything to show: a single server replicates nothing. */
export function replicates({ replication, cluster }: DatabaseDetail): boolean {
  if (cluster !== null) return true;
  if (replication === null) return false;
  const { upstream, state, replicas, slots, channels } = replication;
  return [upstream, state].some((word) => word !== null) || [replicas, slots, channels].some((list) => list?.length);
}

/** Whom it follows, who follows it, and the log that is kept for them. */
export function ReplicationParts({ database }: { database: DatabaseDetail }) {
  const { replication, cluster } = database;
  return (
    <div className="space-y-3">
      {replication && (replication.upstream !== null || replication.state !== null || replication.error !== null) && (
        <Panel title="Replication">
          <Rows
            rows={[
              ["Role", replication.role],
              ["Replica set", replication.set],
              ["Follows", replication.upstream && <Mono text={replication.upstream} />],
              ["State", replication.state && <State state={replication.state} />],
              ["Error", replication.error && <span className="text-crit">{replication.error}</span>],
              ["Log reaches back", known(replication.oplogSeconds, formatDuration)],
            ]}
          />
        </Panel>
      )}
      {cluster && <ClusterPanel cluster={cluster} />}
      {replication?.channels && (replication.channels.length > 1 || replication.channels[0]?.error) && (
        <PlainTable title="Sources" rows={replication.channels} columns={channelColumns} />
      )}
      {replication?.replicas && replication.replicas.length > 0 && (
        <PlainTable
          title={replication.set ? "Members" : "Replicas"}
          rows={replication.replicas}
          columns={replicaColumns}
        />
      )}
      {replication?.slots && replication.slots.length > 0 && (
        <PlainTable title="Replication slots" rows={replication.slots} columns={slotColumns} />
      )}
    </div>
  );
}

function ClusterPanel({ cluster }: { cluster: Cluster }) {
  return (
    <Panel title={["Cluster", cluster.name].filter(Boolean).join(" ")}>
      <Rows
        rows={[
          ["Kind", cluster.type],
          ["State", cluster.state && <State key="state" state={cluster.state} />],
          ["Takes writes", cluster.ready === null ? null : <Yes key="ready" value={cluster.ready} />],
          ["Nodes", known(cluster.nodes, formatNumber)],
          [
            "Away",
            cluster.offline ? (
              <Badge key="away" tone="crit">
                {formatNumber(cluster.offline)}
              </Badge>
            ) : null,
          ],
        ]}
      />
      {cluster.members && cluster.members.length > 0 && (
        <ul className="divide-y divide-line border-t border-line">
          {cluster.members.map(({ address, state, role }) => (
            <li key={address} className="flex flex-wrap items-center gap-2 px-3 py-1.5">
              <span className="min-w-0 flex-1 font-medium">{address}</span>
              {role && <span className="text-muted">{role}</span>}
              {state && <State state={state} />}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const replicaColumns: readonly Column<Replica>[] = [
  { label: "Name", cell: ({ name, address }) => <span className="font-medium">{name ?? address}</span> },
  { label: "Address", cell: ({ name, address }) => name !== null && address !== name && address },
  { label: "State", cell: ({ state }) => state && <State state={state} /> },
  { label: "Sync", cell: ({ sync }) => sync },
  {
    label: "Behind",
    num: true,
    cell: ({ lagSeconds }) =>
      known(lagSeconds, (seconds) => <span className={lagTone(seconds)}>{formatDuration(seconds)}</span>),
  },
  { label: "In bytes", num: true, cell: ({ lagBytes }) => known(lagBytes, formatBytes) },
];

const slotColumns: readonly Column<Slot>[] = [
  { label: "Slot", cell: ({ name }) => <span className="font-medium">{name}</span> },
  { label: "Type", cell: ({ type }) => type },
  {
    label: "Read by",
    cell: ({ active }) =>
      known(active, (isRead) => <Badge tone={isRead ? "ok" : "warn"}>{isRead ? "a replica" : "nobody"}</Badge>),
  },
  { label: "Log kept", num: true, cell: ({ retainedBytes }) => known(retainedBytes, formatBytes) },
  { label: "Until it is cut", num: true, cell: ({ safeBytes }) => known(safeBytes, formatBytes) },
  { label: "WAL", cell: ({ walStatus }) => walStatus && <Badge tone={walTone(walStatus)}>{walStatus}</Badge> },
  { label: "Invalid", cell: ({ invalidation }) => invalidation && <Badge tone="crit">{invalidation}</Badge> },
];

const channelColumns: readonly Column<Channel>[] = [
  { label: "Source", cell: ({ upstream }) => <span className="font-medium">{upstream}</span> },
  { label: "Channel", cell: ({ name }) => name },
  { label: "Link", cell: ({ ioRunning }) => known(ioRunning, (value) => <Yes value={value} />) },
  { label: "Apply", cell: ({ sqlRunning }) => known(sqlRunning, (value) => <Yes value={value} />) },
  {
    label: "Behind",
    num: true,
    cell: ({ lagSeconds }) =>
      known(lagSeconds, (seconds) => <span className={lagTone(seconds)}>{formatDuration(seconds)}</span>),
  },
  {
    label: "Delay wanted",
    num: true,
    cell: ({ delaySeconds }) => (delaySeconds ? formatDuration(delaySeconds) : null),
  },
  { label: "State", cell: ({ state }) => state },
  { label: "Error", cell: ({ error }) => error && <span className="text-crit">{error}</span> },
];

function Yes({ value }: { value: boolean }) {
  return <Badge tone={value ? "ok" : "crit"}>{value ? "yes" : "no"}</Badge>;
}

function State({ state }: { state: string }) {
  return (
    <Badge tone={stateTone(state)}>
      <span className="max-w-72 truncate" title={state}>
        {state}
      </span>
    </Badge>
  );
}

function stateTone(state: string): Tone {
  if (/stopped|not up|not reachable|down|fail|lost|removed|rollback|unknown|offline|error|non-primary/i.test(state))
    return "crit";
  if (/catchup|startup|recovering|backup|sync|joining|donor/i.test(state) && !/synced/i.test(state)) return "warn";
  if (/^(streaming|online|secondary|primary|arbiter|up|connected)\b|synced|has read all|waiting for/i.test(state))
    return "ok";
  return "idle";
}

function walTone(status: string): Tone {
  return status === "lost" ? "crit" : status === "unreserved" ? "warn" : "idle";
}

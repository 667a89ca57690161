import type { Pool } from "../../api/storage-types.ts";
import { formatAge, formatBytes, formatDuration, formatNumber, formatRatio } from "../../format/units.ts";
import type { ListColumn } from "../../ui/list-table.tsx";
import { Meter } from "../../ui/meter.tsx";
import { PoolState, ServerLink, StorageLink } from "./parts.tsx";
import { isUnderWay, poolKind, scanName, scrubDueSeconds } from "./words.ts";

/** The columns of a list of pools. */
export const poolColumns: readonly ListColumn<Pool>[] = [
  { label: "Pool", sort: "name", width: "minmax(9rem,1.4fr)", cell: (pool) => <Name pool={pool} /> },
  {
    label: "Server",
    sort: "server",
    width: "minmax(6rem,0.9fr)",
    from: 860,
    cell: ({ serverId, serverName }) => (
      <ServerLink id={serverId} name={serverName} className="block truncate text-soft hover:underline" />
    ),
  },
  { label: "State", sort: "severity", down: true, width: "minmax(9rem,1.5fr)", cell: (pool) => <State pool={pool} /> },
  {
    label: "Used",
    sort: "usedRatio",
    down: true,
    width: "8rem",
    cell: ({ usedRatio, metadataUsedRatio }) =>
      usedRatio === null ? null : (
        <>
          <Meter value={usedRatio} label="Used" />
          {metadataUsedRatio !== null && metadataUsedRatio >= 0.8 && (
            <span className={`block text-xs ${metadataUsedRatio >= 0.9 ? "text-crit" : "text-warn"}`}>
              metadata {formatRatio(metadataUsedRatio)}
            </span>
          )}
        </>
      ),
  },
  {
    label: "Size",
    sort: "size",
    down: true,
    num: true,
    width: "5.5rem",
    from: 980,
    cell: ({ sizeBytes }) => (sizeBytes === null ? null : formatBytes(sizeBytes)),
  },
  {
    label: "Members",
    sort: "missing",
    down: true,
    num: true,
    width: "6rem",
    from: 1180,
    cell: ({ membersTotal, membersMissing, spares }) =>
      membersTotal === null ? null : (
        <>
          <span className={membersMissing ? "text-crit" : ""}>
            {membersMissing ? `${membersTotal - membersMissing} of ` : ""}
            {membersTotal}
          </span>
          {spares !== null && spares > 0 && <span className="block text-xs text-muted">+{spares} spare</span>}
        </>
      ),
  },
  { label: "Errors", num: true, width: "4.5rem", from: 1280, cell: ({ errors }) => <Errors errors={errors} /> },
  {
    label: "Last scrub",
    sort: "scrubAge",
    down: true,
    num: true,
    width: "6rem",
    from: 1180,
    cell: ({ scrubAgeSeconds }) =>
      scrubAgeSeconds === null ? null : (
        <span className={scrubAgeSeconds > scrubDueSeconds ? "text-warn" : ""}>
          {formatAge(scrubAgeSeconds)} ago
          {scrubAgeSeconds > scrubDueSeconds && <span className="block text-xs">overdue</span>}
        </span>
      ),
  },
];

function Name({ pool }: { pool: Pool }) {
  return (
    <>
      <StorageLink kind="pool" id={pool.id} className="block truncate font-medium hover:underline">
        {pool.name}
      </StorageLink>
      <span className="block truncate text-xs text-muted">{poolKind(pool)}</span>
    </>
  );
}

function State({ pool }: { pool: Pool }) {
  const { scan, problem } = pool;
  return (
    <>
      <PoolState pool={pool} />
      {isUnderWay(scan) ? (
        <span className="block truncate text-xs text-muted">
          {scanName(scan)} {formatRatio(scan.progressRatio)}
          {scan.state === "paused" ? ", paused" : ""}
          {scan.state === "running" &&
            scan.remainingSeconds !== null &&
            `, ${formatDuration(scan.remainingSeconds)} left`}
        </span>
      ) : (
        problem !== null && (
          <span className="block truncate text-xs text-muted" title={problem}>
            {problem}
          </span>
        )
      )}
    </>
  );
}

function Errors({ errors: { read, write, checksum, data } }: { errors: Pool["errors"] }) {
  const counts = [read, write, checksum, data].filter((count) => count !== null);
  if (counts.length === 0) return <span className="text-muted">–</span>;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const words = `${read ?? 0} read, ${write ?? 0} write, ${checksum ?? 0} checksum, ${data ?? 0} blocks lost`;
  return (
    <span title={words} className={data ? "text-crit" : all > 0 ? "text-warn" : "text-muted"}>
      {formatNumber(all)}
    </span>
  );
}

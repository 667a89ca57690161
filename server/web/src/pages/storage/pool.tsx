import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Suspense } from "react";
import { ResourceAlerts } from "../../alerts/resource-alerts.tsx";
import type { OnePool } from "../../api/storage-types.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { formatBytes, formatNumber, formatRatio } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { Fact, Facts } from "../../ui/fact.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Panel, useTitle } from "../../ui/page.tsx";
import { Mono } from "../../ui/plain-table.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { limit, type Tile, Tiles, when } from "../../ui/tiles.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { Rows } from "../server/details.tsx";
import { BackTo, PoolState, ServerLink } from "./parts.tsx";
import { Members } from "./pool-members.tsx";
import { poolPanels } from "./pool-panels.ts";
import { PoolScans } from "./pool-scans.tsx";
import { poolQuery } from "./queries.ts";
import { PoolsBelow, StandsOnPanel } from "./stands-on.tsx";
import { poolTypeName, storageWord } from "./words.ts";

const StorageHistory = lazyPart(() => import("./history.tsx").then((file) => file.default));
const route = getRouteApi("/storage/pools/$id");

/** One pool: its state, its members as a tree, its scrubs, and what stands on it. */
export function PoolPage() {
  const { id } = route.useParams();
  const query = useQuery(poolQuery(id));
  useTitle(query.data?.name ?? "Pool");
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <PoolView key={id} pool={query.data} />;
}

function PoolView({ pool }: { pool: OnePool }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Head pool={pool} />
      <ResourceAlerts resource={pool} />
      <ToolsWords pool={pool} />
      <Tiles tiles={tilesOf(pool)} />
      <PoolScans pool={pool} />
      <Members pool={pool} />
      <div className="mb-3 grid items-start gap-3 lg:grid-cols-2">
        <StandsOnPanel
          title="What stands on it"
          standsOn={pool}
          nothing="Nothing that is known here stands on this pool: no filesystem, pool or container."
        />
        {pool.below.length > 0 && (
          <Panel title="It stands on">
            <PoolsBelow pools={pool.below} />
          </Panel>
        )}
        <Details pool={pool} />
      </div>
      <Suspense fallback={<LoadingRows rows={8} />}>
        <StorageHistory
          latest={pool.latest}
          panelsOf={(measured) => poolPanels(pool.id, measured)}
          search={search}
          onSearch={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
        />
      </Suspense>
    </>
  );
}

function Head({ pool }: { pool: OnePool }) {
  return (
    <header className="mb-4">
      <BackTo tab="pools" label="Pools" />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl leading-7 font-semibold">{pool.name}</h1>
        <PoolState pool={pool} />
        {pool.level !== null && <Badge>{pool.level}</Badge>}
      </div>
      <p className="mt-1 text-muted">
        {pool.goneAt ? (
          <>
            gone since <Ago at={pool.goneAt} />
          </>
        ) : (
          <>
            {storageWord(pool.state)} for <For since={pool.stateSince} />
          </>
        )}
      </p>
      <Facts>
        <Fact name="Type">{poolTypeName(pool.type)}</Fact>
        <Fact name="Server">
          <ServerLink id={pool.serverId} name={pool.serverName} />
        </Fact>
        {pool.health !== null && pool.health.toLowerCase() !== pool.state && <Fact name="Health">{pool.health}</Fact>}
      </Facts>
    </header>
  );
}

/** What the pool's own tool says is amiss, and what it asks for. */
function ToolsWords({ pool: { status, action, problem, tool } }: { pool: OnePool }) {
  const lines = [problem, status, action].filter((line) => line !== null && line !== "");
  if (lines.length === 0) return null;
  return (
    <Panel title={tool === null ? "What is amiss" : `What ${tool} says`} className="mb-3">
      <div className="space-y-1 px-3 py-2">
        {problem !== null && <p className="text-warn">It could not be read fully: {problem}</p>}
        {status !== null && <p>{status}</p>}
        {action !== null && (
          <p>
            <span className="text-muted">What to do: </span>
            {action}
          </p>
        )}
      </div>
    </Panel>
  );
}

function tilesOf(pool: OnePool): (Tile | null | false)[] {
  const { usedRatio, usedBytes, sizeBytes, freeBytes, errors } = pool;
  return [
    sizeBytes !== null && {
      label: "Capacity",
      value: usedBytes === null ? formatBytes(sizeBytes) : `${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)}`,
      sub: (
        <>
          {usedRatio !== null && <Meter wide value={usedRatio} label="Used" />}
          {freeBytes !== null && <span className="block">{formatBytes(freeBytes)} free</span>}
        </>
      ),
      tone: limit(usedRatio, 0.8, 0.92),
    },
    when(pool.metadataUsedRatio, (used) => ({
      label: "Metadata",
      value: `${formatRatio(used)} used`,
      sub: (
        <>
          <Meter wide value={used} label="Used metadata" />
          {pool.type === "lvm-thin" && <span className="block">full, the pool needs a repair</span>}
        </>
      ),
      tone: limit(used, 0.8, 0.92),
    })),
    when(pool.membersTotal, (total) => ({
      label: "Members",
      value: pool.membersMissing ? `${total - pool.membersMissing} of ${total}` : formatNumber(total),
      sub: (
        <>
          {pool.membersMissing ? <span className="block">{formatNumber(pool.membersMissing)} missing</span> : null}
          {pool.spares !== null && pool.spares > 0 && (
            <span className="block">{formatNumber(pool.spares)} spare ready</span>
          )}
        </>
      ),
      tone: pool.membersMissing ? "crit" : undefined,
    })),
    errorTile(errors),
    when(errors.data, (lost) => ({
      label: "Data lost",
      value: lost === 0 ? "none" : `${formatNumber(lost)} blocks`,
      tone: lost > 0 ? "crit" : undefined,
    })),
    when(pool.fragmentationRatio, (ratio) => ({
      label: "Fragmentation",
      value: formatRatio(ratio),
      sub: "of the free space",
    })),
  ];
}

function errorTile({ read, write, checksum }: OnePool["errors"]): Tile | null {
  const counts = [read, write, checksum].filter((count) => count !== null);
  if (counts.length === 0) return null;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const parts: [number | null, string][] = [
    [read, "read"],
    [write, "write"],
    [checksum, "checksum"],
  ];
  return {
    label: "Errors",
    value: formatNumber(all),
    sub: parts.flatMap(([count, word]) => (count === null ? [] : [`${formatNumber(count)} ${word}`])).join(", "),
    tone: all > 0 ? "warn" : undefined,
  };
}

function Details({ pool }: { pool: OnePool }) {
  return (
    <Panel title="Details">
      <Rows
        rows={[
          ["Key", <Mono key="key" text={pool.key} />],
          ["Guid", pool.guid && <Mono text={pool.guid} />],
          ["Tool", [pool.tool, pool.toolVersion].filter(Boolean).join(" ")],
          ["Health", pool.health],
        ]}
      />
      <div className="border-t border-line p-3">
        <JsonView label="All that its agent told" value={pool.attributes} />
      </div>
    </Panel>
  );
}

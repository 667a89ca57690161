import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Suspense } from "react";
import { ResourceAlerts } from "../../alerts/resource-alerts.tsx";
import type { FilesystemDetail } from "../../api/storage-types.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { formatBytes, formatNumber, formatRatio } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { Fact, Facts } from "../../ui/fact.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Panel, useTitle } from "../../ui/page.tsx";
import { Mono } from "../../ui/plain-table.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { limit, type Tile, Tiles, when } from "../../ui/tiles.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { confidenceWord, fullSentence, fullShort } from "./forecast-words.ts";
import { BackTo, ServerLink, StorageState } from "./parts.tsx";
import { filesystemQuery } from "./queries.ts";
import { DrivesBelow, PoolsBelow, StandsOnPanel } from "./stands-on.tsx";
import { storageWord } from "./words.ts";

const FilesystemHistory = lazyPart(() => import("./filesystem-history.tsx").then((file) => file.default));
const route = getRouteApi("/storage/filesystems/$id");

/** One filesystem: how full it is, when it will be, what it lies on and who needs it. */
export function FilesystemPage() {
  const { id } = route.useParams();
  const query = useQuery(filesystemQuery(id));
  useTitle(query.data?.mountPoint ?? "Filesystem");
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <FilesystemView key={id} filesystem={query.data} />;
}

function FilesystemView({ filesystem }: { filesystem: FilesystemDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Head filesystem={filesystem} />
      <ResourceAlerts resource={filesystem} />
      <Tiles tiles={tilesOf(filesystem)} />
      <section aria-label="Forecast" className="panel mb-3 px-3 py-2">
        {fullSentence(filesystem)}
      </section>
      <Suspense fallback={<LoadingRows rows={8} />}>
        <FilesystemHistory
          filesystem={filesystem}
          search={search}
          onSearch={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
        />
      </Suspense>
      <div className="mt-3 grid items-start gap-3 lg:grid-cols-2">
        <LiesOn filesystem={filesystem} />
        <StandsOnPanel
          title="Containers whose data is there"
          standsOn={{ containers: filesystem.containers }}
          nothing="No container that is known has its data there."
        />
      </div>
    </>
  );
}

function Head({ filesystem }: { filesystem: FilesystemDetail }) {
  const { device, blockDevice } = filesystem;
  return (
    <header className="mb-4">
      <BackTo tab="filesystems" label="Filesystems" />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl leading-7 font-semibold">{filesystem.mountPoint}</h1>
        <StorageState state={filesystem.state} goneAt={filesystem.goneAt} />
        {filesystem.type !== null && <Badge>{filesystem.type}</Badge>}
        {filesystem.network && <Badge tone="info">network</Badge>}
      </div>
      <p className="mt-1 text-muted">
        {filesystem.goneAt ? (
          <>
            gone since <Ago at={filesystem.goneAt} />
          </>
        ) : (
          filesystem.stateSince !== null && (
            <>
              {storageWord(filesystem.state)} for <For since={filesystem.stateSince} />
            </>
          )
        )}
      </p>
      <Facts>
        <Fact name="Server">
          <ServerLink id={filesystem.serverId} name={filesystem.serverName} />
        </Fact>
        {device !== null && (
          <Fact name="Device">
            <Mono text={device} />
          </Fact>
        )}
        {blockDevice !== null && blockDevice !== device && (
          <Fact name="Block device">
            <Mono text={blockDevice} />
          </Fact>
        )}
      </Facts>
    </header>
  );
}

function tilesOf(filesystem: FilesystemDetail): (Tile | null | false)[] {
  const { usedBytes, availableBytes, sizeBytes, usedRatio, forecast } = filesystem;
  const v = filesystem.latest?.values ?? {};
  const short = fullShort(forecast);
  return [
    when(usedRatio, (used) => ({
      label: "Used",
      value:
        usedBytes === null || sizeBytes === null
          ? formatRatio(used)
          : `${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)}`,
      sub: <Meter wide value={used} label="Used" />,
      tone: limit(used, 0.8, 0.92),
    })),
    when(availableBytes, (free) => ({
      label: "Free",
      value: formatBytes(free),
      sub: reserved(filesystem),
    })),
    short !== null &&
      forecast !== null && {
        label: "Full",
        value: short,
        sub: forecast.hoursLeft === null ? forecast.reason : confidenceWord(forecast.confidence),
        tone:
          forecast.hoursLeft !== null && forecast.confidence >= 0.6 ? limit(-forecast.hoursLeft, -336, -72) : undefined,
      },
    when(filesystem.inodesUsedRatio, (used) => ({
      label: "Inodes",
      value: formatRatio(used),
      sub: (
        <>
          <Meter wide value={used} label="Used inodes" />
          <span className="block">
            {formatNumber(v.inodes_used)} of {formatNumber(v.inodes)}
          </span>
        </>
      ),
      tone: limit(used, 0.8, 0.92),
    })),
  ];
}

function reserved({ usedBytes, availableBytes, sizeBytes }: FilesystemDetail): string | undefined {
  if (usedBytes === null || availableBytes === null || sizeBytes === null) return undefined;
  const kept = sizeBytes - usedBytes - availableBytes;
  return kept > sizeBytes * 0.005 ? `${formatBytes(kept)} kept for root` : undefined;
}

function LiesOn({ filesystem }: { filesystem: FilesystemDetail }) {
  const { drives, standsOnPools, disks, network } = filesystem;
  const isKnown = drives.length + standsOnPools.length > 0;
  return (
    <Panel title="What it lies on">
      {isKnown ? (
        <div className="divide-y divide-line">
          <PoolsBelow pools={standsOnPools} />
          <DrivesBelow drives={drives} />
        </div>
      ) : (
        <p className="px-3 py-2 text-muted">
          {network
            ? "It is another machine's."
            : disks.length > 0
              ? `On ${disks.join(", ")}, of which no drive is known: smartctl may be missing, or it is a virtual disk.`
              : "Neither drives nor pools are known below it."}
        </p>
      )}
    </Panel>
  );
}

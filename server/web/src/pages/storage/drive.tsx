import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Suspense } from "react";
import { ResourceAlerts } from "../../alerts/resource-alerts.tsx";
import type { DriveDetail } from "../../api/storage-types.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { formatCapacity } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { Fact, Facts } from "../../ui/fact.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useTitle } from "../../ui/page.tsx";
import { Mono } from "../../ui/plain-table.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { whenUnreadable } from "./advice.ts";
import { DriveActions } from "./drive-actions.tsx";
import { Attributes, isAmiss } from "./drive-attributes.tsx";
import { DriveDetails } from "./drive-details.tsx";
import { DriveNow } from "./drive-now.tsx";
import { drivePanels } from "./drive-panels.ts";
import { Reasons, sentence } from "./drive-reasons.tsx";
import { RunningTest, Tests } from "./drive-tests.tsx";
import { BackTo, ServerLink, StorageState } from "./parts.tsx";
import { driveQuery } from "./queries.ts";
import { StandsOnPanel } from "./stands-on.tsx";
import { driveName, mediaName, storageWord } from "./words.ts";

const StorageHistory = lazyPart(() => import("./history.tsx").then((file) => file.default));
const route = getRouteApi("/storage/drives/$id");

/** One drive: its verdict and why, its figures and logs, and what stands on it. */
export function DrivePage() {
  const { id } = route.useParams();
  const query = useQuery(driveQuery(id));
  useTitle(query.data ? driveName(query.data) : "Drive");
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <DriveView key={id} drive={query.data} />;
}

function DriveView({ drive }: { drive: DriveDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const amiss = drive.attributes.filter(isAmiss).length;
  const tab = search.tab ?? "overview";
  return (
    <>
      <Head drive={drive} />
      <ResourceAlerts resource={drive} />
      <Stale drive={drive} />
      <RunningTest drive={drive} />
      <Tabs
        label="Parts of the drive"
        value={tab}
        onChange={(next) => void navigate({ search: (old) => ({ ...old, tab: next }), replace: true })}
        tabs={[
          { value: "overview", label: "Overview" },
          { value: "attributes", label: "Attributes", count: amiss || undefined, tone: "warn" },
          {
            value: "tests",
            label: "Self-tests and errors",
            count: drive.selfTest.last?.result === "failed" ? 1 : undefined,
            tone: "crit",
          },
          { value: "details", label: "Details" },
        ]}
      >
        {tab === "overview" && (
          <>
            <DriveNow drive={drive} />
            <div className="mb-3 grid items-start gap-3 lg:grid-cols-[1.5fr_1fr]">
              <Reasons drive={drive} />
              <StandsOnPanel
                title="What stands on it"
                standsOn={drive.standsOn}
                nothing="Nothing that is known here: no pool, filesystem or container."
              />
            </div>
            <Suspense fallback={<LoadingRows rows={8} />}>
              <StorageHistory
                latest={drive.latest}
                panelsOf={(measured) => drivePanels(drive.id, drive.protocol, measured)}
                search={search}
                onSearch={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
              />
            </Suspense>
          </>
        )}
        {tab === "attributes" && <Attributes drive={drive} />}
        {tab === "tests" && <Tests drive={drive} />}
        {tab === "details" && <DriveDetails drive={drive} />}
      </Tabs>
    </>
  );
}

function Head({ drive }: { drive: DriveDetail }) {
  const name = driveName(drive);
  return (
    <header className="mb-4">
      <BackTo tab="drives" label="Drives" />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl leading-7 font-semibold">{name}</h1>
        <StorageState state={drive.verdict} goneAt={drive.goneAt} />
        {drive.media !== null && <Badge>{mediaName(drive.media)}</Badge>}
        <div className="ml-auto">
          <DriveActions drive={drive} />
        </div>
      </div>
      <p className="mt-1 text-muted">
        {drive.model !== name && <span className="text-soft">{drive.model} · </span>}
        {drive.goneAt ? (
          <>
            gone since <Ago at={drive.goneAt} />
          </>
        ) : (
          <>
            {storageWord(drive.verdict)} for <For since={drive.stateSince} />
          </>
        )}
      </p>
      <Facts>
        <Fact name="Serial">{drive.serial === null ? "unknown" : <Mono text={drive.serial} />}</Fact>
        <Fact name="Server">
          <ServerLink id={drive.serverId} name={drive.serverName} />
        </Fact>
        <Fact name="Size">{formatCapacity(drive.capacityBytes)}</Fact>
        {drive.slot !== null && <Fact name="Slot">{drive.slot}</Fact>}
        <Fact name="Read">
          <Ago at={drive.measuredAt} />
        </Fact>
      </Facts>
    </header>
  );
}

/** Values that are not of now, and why. */
function Stale({ drive }: { drive: DriveDetail }) {
  if (!drive.stale || drive.goneAt !== null) return null;
  const asleep = drive.readError === null;
  return (
    <p
      role="status"
      className={`mb-3 flex gap-2 rounded-md px-3 py-2 ${asleep ? "bg-info-soft text-info" : "bg-warn-soft text-warn"}`}
    >
      <Icon name={asleep ? "moon" : "warning"} size={16} className="mt-0.5" />
      <span className="min-w-0">
        {asleep ? "It is asleep and is not woken." : `It can't be read now: ${sentence(drive.readError ?? "")}`}{" "}
        {drive.measuredAt === null ? (
          "It was never read."
        ) : (
          <>
            What is shown was read <Ago at={drive.measuredAt} />.
          </>
        )}{" "}
        {!asleep && whenUnreadable}
      </span>
    </p>
  );
}

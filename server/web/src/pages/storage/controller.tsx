import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Suspense } from "react";
import { ResourceAlerts } from "../../alerts/resource-alerts.tsx";
import type { ControllerDetail } from "../../api/storage-types.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { formatBytes, formatNumber, formatRatio } from "../../format/units.ts";
import { Fact, Facts } from "../../ui/fact.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Panel, useTitle } from "../../ui/page.tsx";
import { Mono, PlainTable } from "../../ui/plain-table.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { type Tile, Tiles, when } from "../../ui/tiles.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { Rows } from "../server/details.tsx";
import { batteryWords } from "./controller-columns.tsx";
import { ControllerDrives } from "./controller-drives.tsx";
import { controllerPanels } from "./controller-panels.ts";
import { BackTo, PoolState, ServerLink, StorageLink, StorageState } from "./parts.tsx";
import { controllerQuery } from "./queries.ts";
import { StandsOnPanel } from "./stands-on.tsx";
import { storageWord } from "./words.ts";

const StorageHistory = lazyPart(() => import("./history.tsx").then((file) => file.default));
const route = getRouteApi("/storage/controllers/$id");

/** One RAID controller: its state, its battery, its volumes and the drives behind it. */
export function ControllerPage() {
  const { id } = route.useParams();
  const query = useQuery(controllerQuery(id));
  useTitle(query.data?.model ?? query.data?.key ?? "RAID controller");
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <ControllerView key={id} controller={query.data} />;
}

function ControllerView({ controller }: { controller: ControllerDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Head controller={controller} />
      <ResourceAlerts resource={controller} />
      {controller.faults.length > 0 && (
        <Panel title="What is amiss" className="mb-3">
          <ul className="list-inside list-disc space-y-1 px-3 py-2">
            {controller.faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </Panel>
      )}
      <Tiles tiles={tilesOf(controller)} />
      <div className="mb-3 grid gap-3">
        <Volumes controller={controller} />
        <ControllerDrives drives={controller.drives} />
      </div>
      <div className="mb-3 grid items-start gap-3 lg:grid-cols-2">
        <StandsOnPanel
          title="What stands on it"
          standsOn={controller.standsOn}
          nothing="Nothing that is known here stands on its volumes: no filesystem, pool or container."
        />
        <Details controller={controller} />
      </div>
      <Suspense fallback={<LoadingRows rows={8} />}>
        <StorageHistory
          latest={controller.latest}
          panelsOf={(measured) => controllerPanels(controller.id, measured)}
          search={search}
          onSearch={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
        />
      </Suspense>
    </>
  );
}

function Head({ controller }: { controller: ControllerDetail }) {
  const { model, key, state, goneAt, status } = controller;
  return (
    <header className="mb-4">
      <BackTo tab="controllers" label="RAID controllers" />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl leading-7 font-semibold">{model ?? key}</h1>
        <StorageState state={state} goneAt={goneAt} />
      </div>
      <p className="mt-1 text-muted">
        {goneAt ? (
          <>
            gone since <Ago at={goneAt} />
          </>
        ) : (
          <>
            {storageWord(state)} for <For since={controller.stateSince} />
          </>
        )}
      </p>
      <Facts>
        <Fact name="Server">
          <ServerLink id={controller.serverId} name={controller.serverName} />
        </Fact>
        {controller.firmware && <Fact name="Firmware">{controller.firmware}</Fact>}
        {status && status.toLowerCase() !== state && (
          <Fact name={`${controller.tool ?? "Its tool"} says`}>{status}</Fact>
        )}
      </Facts>
    </header>
  );
}

function tilesOf({ temperatureCelsius, battery, memoryErrors, volumes, drives }: ControllerDetail): (Tile | null)[] {
  const lost = volumes.reduce((sum, { membersMissing }) => sum + (membersMissing ?? 0), 0);
  const { correctable, uncorrectable } = memoryErrors;
  return [
    battery && {
      label: battery.kind ?? "Battery",
      value: batteryWords(battery),
      sub: [
        battery.chargeRatio !== null && `${formatRatio(battery.chargeRatio)} charged`,
        battery.temperatureCelsius !== null && `${Math.round(battery.temperatureCelsius)} °C`,
      ]
        .filter(Boolean)
        .join(", "),
      tone: battery.ok === false ? "crit" : undefined,
    },
    when(temperatureCelsius, (celsius) => ({ label: "Temperature", value: `${Math.round(celsius)} °C` })),
    {
      label: "Volumes",
      value: formatNumber(volumes.length),
      sub: lost > 0 ? `${lost} ${lost === 1 ? "member" : "members"} missing` : undefined,
      tone: lost > 0 ? "crit" : undefined,
    },
    { label: "Drives", value: formatNumber(drives.length) },
    correctable === null && uncorrectable === null
      ? null
      : {
          label: "Memory errors",
          value: formatNumber((correctable ?? 0) + (uncorrectable ?? 0)),
          sub: `${formatNumber(uncorrectable ?? 0)} not corrected`,
          tone: uncorrectable ? "crit" : correctable ? "warn" : undefined,
        },
  ];
}

function Volumes({ controller: { volumes } }: { controller: ControllerDetail }) {
  return (
    <PlainTable
      title="Volumes"
      rows={volumes}
      columns={[
        {
          label: "Volume",
          cell: (pool) => (
            <StorageLink kind="pool" id={pool.id} className="font-medium hover:underline">
              {pool.name}
            </StorageLink>
          ),
        },
        { label: "State", cell: (pool) => <PoolState pool={pool} /> },
        { label: "Level", cell: ({ level }) => level },
        {
          label: "Members",
          num: true,
          cell: ({ membersTotal, membersMissing }) =>
            membersTotal === null ? null : (
              <span className={membersMissing ? "text-crit" : ""}>
                {membersMissing ? `${membersTotal - membersMissing} of ${membersTotal}` : membersTotal}
              </span>
            ),
        },
        { label: "Size", num: true, cell: ({ sizeBytes }) => sizeBytes !== null && formatBytes(sizeBytes) },
      ]}
    />
  );
}

function Details({ controller }: { controller: ControllerDetail }) {
  return (
    <Panel title="Details">
      <Rows
        rows={[
          ["Key", <Mono key="key" text={controller.key} />],
          ["Serial number", controller.serial && <Mono text={controller.serial} />],
          ["Firmware", controller.firmware],
          ["Driver", controller.driver],
          ["Tool", controller.tool],
          ["Status", controller.status],
        ]}
      />
      <div className="border-t border-line p-3">
        <JsonView label="All that its agent told" value={controller.attributes} />
      </div>
    </Panel>
  );
}

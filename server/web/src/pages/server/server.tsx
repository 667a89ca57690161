import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { ResourcePage } from "../../alerts/resource-page.tsx";
import { useLiveFocus } from "../../api/live.ts";
import { alertsQuery, resourcesQuery, serverQuery } from "../../api/queries.ts";
import type { Server } from "../../api/types.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { ServerContainers } from "../../containers/server-containers.tsx";
import { StateDot, toneOf } from "../../ui/badge.tsx";
import { useTitle } from "../../ui/page.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Ago } from "../../ui/time.tsx";
import { ServerDatabases } from "../databases/table.tsx";
import { isAmiss, ServerStorage } from "../storage/server-storage.tsx";
import { Activity } from "./activity.tsx";
import { Collectors } from "./collectors.tsx";
import { Details } from "./details.tsx";
import { ServerHead } from "./head.tsx";

const Charts = lazyPart(() => import("./charts.tsx").then((file) => file.default));
const route = getRouteApi("/servers/$id");

/** One server: what it is, how it does, what runs on it. */
export function ServerPage() {
  const { id } = route.useParams();
  const query = useQuery(serverQuery(id));
  useLiveFocus(query.data ? id : null);
  useTitle(query.data?.name ?? "Server");
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <ServerView key={id} server={query.data} />;
}

function ServerView({ server }: { server: Server }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const tab = search.tab ?? "overview";
  const { data: resources } = useQuery(resourcesQuery(server.id));
  const failing = resources?.filter(
    (one) => one.kind === "collector" && ["failed", "timed_out"].includes(one.state ?? ""),
  );
  const amiss = resources?.filter((one) => one.goneAt === null && isAmiss(one)).length;
  const databases = resources?.filter((one) => one.kind === "database").length;
  return (
    <>
      <ServerHead server={server} />
      <FiringAlerts server={server} />
      <Tabs
        label="Parts of the server"
        value={tab}
        onChange={(next) =>
          void navigate({ search: ({ range, from, to }) => ({ range, from, to, tab: next }), replace: true })
        }
        tabs={[
          { value: "overview", label: "Overview" },
          { value: "containers", label: "Containers", count: server.containers.total },
          ...(databases ? [{ value: "databases", label: "Databases", count: databases }] : []),
          { value: "storage", label: "Storage", count: amiss || undefined, tone: "crit" },
          { value: "activity", label: "Activity" },
          { value: "collectors", label: "Collectors", count: failing?.length || undefined, tone: "crit" },
          { value: "details", label: "Details" },
        ]}
      >
        {tab === "overview" && (
          <Suspense fallback={<LoadingRows rows={8} />}>
            <Charts
              serverId={server.id}
              search={search}
              onSearch={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
            />
          </Suspense>
        )}
        {tab === "containers" && (
          <ServerContainers
            server={server.id}
            part={search.part}
            q={search.q}
            onChange={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
          />
        )}
        {tab === "databases" && <ServerDatabases server={server.id} />}
        {tab === "storage" && <ServerStorage server={server.id} />}
        {tab === "activity" && <Activity serverId={server.id} />}
        {tab === "collectors" && <Collectors server={server} />}
        {tab === "details" && <Details server={server} />}
      </Tabs>
    </>
  );
}

function FiringAlerts({ server }: { server: Server }) {
  const { data } = useQuery(alertsQuery({ state: "firing", server: server.id }));
  if (!data?.items.length) return null;
  return (
    <ul aria-label="Firing alerts" className="panel mb-4 divide-y divide-line">
      {data.items.slice(0, 5).map((alert) => (
        <li key={alert.id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-2">
          <StateDot state={alert.severity} tone={toneOf(alert.severity)} />
          <span className="min-w-0 flex-1">
            <ResourcePage alert={alert} className="hover:underline">
              {alert.summary}
            </ResourcePage>
          </span>
          {alert.ackedAt && <span className="text-xs text-muted">acknowledged by {alert.ackedBy}</span>}
          <span className="text-xs text-muted">
            <Ago at={alert.firedAt} />
          </span>
        </li>
      ))}
      {data.items.length > 5 && (
        <li className="px-3 py-2">
          <Link to="/alerts" className="text-accent hover:underline">
            All {data.items.length} alerts
          </Link>
        </li>
      )}
    </ul>
  );
}

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { containerQuery } from "../../api/queries.ts";
import type { Container } from "../../api/types.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { ContainerActions } from "../../containers/container-actions.tsx";
import { ContainerState } from "../../containers/container-state.tsx";
import { Icon } from "../../ui/icons.tsx";
import { PageHead } from "../../ui/page.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ContainerBackups } from "./backups.tsx";
import { ContainerUpdates } from "./updates.tsx";

const ContainerOverview = lazyPart(() => import("./overview.tsx").then((file) => file.default));
const LogView = lazyPart(() => import("../../containers/log-view.tsx").then((file) => file.default));
const route = getRouteApi("/containers/$id");

/** One container: how it does, what it writes, how it was updated, its backups. */
export function ContainerPage() {
  const { id } = route.useParams();
  const query = useQuery(containerQuery(Number(id)));
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <ContainerView container={query.data} />;
}

function ContainerView({ container }: { container: Container }) {
  const { tab = "overview" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Link to="/containers" className="mb-1 inline-flex items-center gap-1 text-xs text-muted hover:text-text">
        <Icon name="left" size={12} /> Containers
      </Link>
      <PageHead
        title={container.name}
        sub={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
            <ContainerState container={container} />
            <Link
              to="/servers/$id"
              params={{ id: container.serverId }}
              search={{ tab: "containers" }}
              className="text-accent hover:underline"
            >
              {container.serverName}
            </Link>
            <span className="font-mono text-xs">{container.image}</span>
          </span>
        }
      >
        <ContainerActions container={container} />
      </PageHead>
      <Tabs
        label="Parts of the container"
        value={tab}
        onChange={(next) => void navigate({ search: (old) => ({ ...old, tab: next }), replace: true })}
        tabs={[
          { value: "overview", label: "Overview" },
          { value: "logs", label: "Logs" },
          { value: "updates", label: "Updates" },
          { value: "backups", label: "Backups" },
        ]}
      >
        <Suspense fallback={<LoadingRows rows={8} />}>
          {tab === "overview" && <ContainerOverview container={container} />}
          {tab === "logs" && <LogView container={container} />}
          {tab === "updates" && <ContainerUpdates container={container} />}
          {tab === "backups" && <ContainerBackups container={container} />}
        </Suspense>
      </Tabs>
    </>
  );
}

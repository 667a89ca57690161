import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Suspense } from "react";
import { ResourceAlerts } from "../../alerts/resource-alerts.tsx";
import type { DatabaseDetail } from "../../api/database-types.ts";
import { useLiveFocus } from "../../api/live.ts";
import { lazyPart } from "../../app/lazy-part.tsx";
import { rangeOf } from "../../charts/range.tsx";
import { Badge } from "../../ui/badge.tsx";
import { CopyBox } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/fact.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useTitle } from "../../ui/page.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { CredentialsMenu, NeedsCredentials } from "./credentials.tsx";
import { Details, OwnDatabases } from "./details.tsx";
import { DatabaseState, databaseName, EngineSign, engineName, RoleBadge, stateWord } from "./engine.tsx";
import { Now } from "./now.tsx";
import { databaseQuery } from "./queries.ts";
import { ReplicationParts, replicates } from "./replication.tsx";
import { hasStatements, Statements } from "./statements.tsx";

const Charts = lazyPart(() => import("./charts.tsx").then((file) => file.default));
const route = getRouteApi("/databases/$id");

/** One database: how it does, what runs in it, who follows it, and what it needs. */
export function DatabasePage() {
  const { id } = route.useParams();
  const query = useQuery(databaseQuery(id));
  useTitle(query.data ? databaseName(query.data) : "Database");
  if (!query.data) {
    if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <LoadingRows rows={10} />;
  }
  return <DatabaseView key={id} database={query.data} />;
}

function DatabaseView({ database }: { database: DatabaseDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  useLiveFocus("live" in rangeOf(search) ? database.serverId : null);
  const waits = database.goneAt === null && database.status === "needs_credentials";
  const charts = (
    <Suspense fallback={<LoadingRows rows={8} />}>
      <Charts
        database={database}
        search={search}
        onSearch={(part) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })}
      />
    </Suspense>
  );
  return (
    <>
      <Head database={database} canHaveOthers={!waits} />
      <ResourceAlerts resource={database} />
      {waits ? (
        <>
          <NeedsCredentials database={database} />
          <Details database={database} />
          {/* It was looked into before. */}
          {database.credentials === "refused" && <div className="mt-3">{charts}</div>}
        </>
      ) : (
        <Known
          database={database}
          tab={search.tab ?? "overview"}
          onTab={(tab) => void navigate({ search: (old) => ({ ...old, tab }), replace: true })}
        >
          {charts}
        </Known>
      )}
    </>
  );
}

/** One that is looked into, part by part; `children`: its charts. */
function Known(props: {
  database: DatabaseDetail;
  tab: string;
  onTab: (tab: string) => void;
  children: React.ReactNode;
}) {
  const { database, tab } = props;
  const { databases, longRunning, blocking, replication } = database;
  const busy = (longRunning?.length ?? 0) + (blocking?.length ?? 0);
  return (
    <Tabs
      label="Parts of the database"
      value={tab}
      onChange={props.onTab}
      tabs={[
        { value: "overview", label: "Overview" },
        ...(hasStatements(database)
          ? [{ value: "statements", label: "Statements", count: busy || undefined, tone: "warn" as const }]
          : []),
        ...(databases?.length
          ? [{ value: "databases", label: ownWord(database.engine), count: databases.length }]
          : []),
        ...(replicates(database)
          ? [{ value: "replication", label: "Replication", count: replication?.replicas?.length || undefined }]
          : []),
        { value: "details", label: "Details" },
      ]}
    >
      {tab === "overview" && (
        <>
          <Now database={database} />
          <MissingRights database={database} />
          {props.children}
        </>
      )}
      {tab === "statements" && <Statements database={database} />}
      {tab === "databases" && <OwnDatabases title={`${ownWord(database.engine)} by size`} rows={databases ?? []} />}
      {tab === "replication" && <ReplicationParts database={database} />}
      {tab === "details" && <Details database={database} />}
    </Tabs>
  );
}

function ownWord(engine: string): string {
  return engine === "minio" ? "Buckets" : "Databases";
}

function Head({ database, canHaveOthers }: { database: DatabaseDetail; canHaveOthers: boolean }) {
  const name = databaseName(database);
  return (
    <header className="mb-4">
      <Link to="/databases" className="mb-1 inline-flex items-center gap-1 text-xs text-muted hover:text-text">
        <Icon name="left" size={12} /> Databases
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <EngineSign large engine={database.engine} />
        <h1 className="min-w-0 text-xl leading-7 font-semibold">{name}</h1>
        <DatabaseState database={database} />
        <RoleBadge role={database.role} />
        {canHaveOthers && (
          <div className="ml-auto">
            <CredentialsMenu database={database} />
          </div>
        )}
      </div>
      <p className="mt-1 text-muted">
        {database.statusReason && (
          <span className={database.status === "up" ? "text-warn" : "text-soft"}>{database.statusReason} · </span>
        )}
        {database.goneAt ? (
          <>
            gone since <Ago at={database.goneAt} />
          </>
        ) : (
          database.status && (
            <>
              {stateWord(database.status)} for <For since={database.stateSince} />
            </>
          )
        )}
      </p>
      <Facts>
        <Fact name="Engine">{[engineName(database.engine), database.version].filter(Boolean).join(" ")}</Fact>
        <Fact name="Server">
          <Link
            to="/servers/$id"
            params={{ id: database.serverId }}
            search={{ tab: "databases" }}
            className="text-accent hover:underline"
          >
            {database.serverName}
          </Link>
        </Fact>
        {database.address !== null && database.address !== name && <Fact name="Address">{database.address}</Fact>}
        {database.container !== null && database.container !== name && (
          <Fact name="Container">{database.container}</Fact>
        )}
        <Fact name="Looked at">
          <Ago at={database.probedAt} />
        </Fact>
      </Facts>
    </header>
  );
}

/** It answers, but not everything: its user lacks rights, or there is none. */
function MissingRights({ database }: { database: DatabaseDetail }) {
  if (database.status !== "up" || !database.grants?.length) return null;
  const needs = database.credentials === "missing" ? "with credentials" : "with rights that its user lacks";
  return (
    <details className="panel mb-3 p-3">
      <summary className="w-fit rounded">
        <Badge tone="info">More can be seen</Badge> <span className="text-soft">{needs}</span>
      </summary>
      <div className="mt-2">
        <CopyBox label="Statements that give the rights" text={database.grants.join("\n")} />
      </div>
    </details>
  );
}

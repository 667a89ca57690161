import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { auditQuery, serversQuery } from "../../api/queries.ts";
import type { AuditEntry } from "../../api/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Choice, SearchField } from "../../ui/filter.tsx";
import { Panel } from "../../ui/page.tsx";
import { type RecordColumn, RecordTable } from "../../ui/record-table.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { auditAction, auditDetail, auditGroups, auditSubject } from "./audit-words.ts";

const route = getRouteApi("/settings");

const columns: readonly RecordColumn<AuditEntry>[] = [
  {
    label: "What",
    look: "md:max-w-96",
    cell: (entry) => (
      <>
        <span className="font-medium">{auditAction(entry.action)}</span>
        {entry.action.endsWith("_failed") && (
          <span className="ml-2">
            <Badge tone="crit">refused</Badge>
          </span>
        )}
        <span className="block text-xs text-muted">{auditDetail(entry)}</span>
      </>
    ),
  },
  {
    label: "To",
    look: "md:min-w-44 md:max-w-72",
    cell: (entry) => (entry.targetKind === "server" || auditSubject(entry) !== "") && <Subject entry={entry} />,
  },
  {
    label: "Who",
    cell: ({ actorName, actorKind }) => (
      <span>
        {actorName || actorKind}
        {actorKind !== "user" && actorName !== actorKind && <span className="text-muted"> ({actorKind})</span>}
      </span>
    ),
  },
  {
    label: "From",
    look: "text-muted",
    cell: ({ ip }) => ip && <code className="font-mono text-xs whitespace-nowrap">{ip}</code>,
  },
  { label: "When", look: "text-muted", cell: ({ at }) => <When at={at} /> },
  {
    label: "Request",
    look: "text-muted",
    cell: ({ requestId }) =>
      requestId && (
        <code className="block max-w-28 truncate font-mono text-xs select-all" title={requestId}>
          {requestId}
        </code>
      ),
  },
];

/** Who did what, when and from where, the newest first; for admins. */
export function Audit() {
  const { q, action } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(auditQuery({ actor: q, action }));
  const change = (part: { q?: string | undefined; action?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <search className="mb-3 grid grid-cols-2 gap-2 md:flex">
        <SearchField
          label="Who did it"
          placeholder="Whole e-mail or token name"
          value={q ?? ""}
          onChange={(next) => change({ q: next.trim() || undefined })}
        />
        <Choice
          label="What"
          any="Anything"
          value={action}
          options={auditGroups}
          onChange={(next) => change({ action: next })}
        />
      </search>
      <Panel className={query.isPlaceholderData ? "opacity-60" : ""}>
        <Loaded
          query={{ ...query, data: rows }}
          isEmpty={(all) => all.length === 0}
          empty={
            q || action ? (
              <EmptyState
                icon="search"
                title="Nothing of this kind is noted"
                action={<Button onClick={() => change({ q: undefined, action: undefined })}>Clear the filter</Button>}
              />
            ) : (
              <EmptyState title="Nothing is noted yet">Each change, and each sign-in, stands here.</EmptyState>
            )
          }
        >
          {(all) => (
            <>
              <RecordTable label="Audit log" rows={all} keyOf={({ id }) => id} columns={columns} />
              {query.hasNextPage && (
                <div className="border-t border-line p-2 text-center">
                  <Button look="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    Older ones
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}

const pages = { server: "/servers/$id", command: "/commands/$id", container: "/containers/$id" } as const;

/** What it was done to, with a link where it has a page. */
function Subject({ entry }: { entry: AuditEntry }) {
  const { targetKind, targetId, detail } = entry;
  const { data: servers } = useQuery({ ...serversQuery, enabled: targetKind === "server" });
  const words = servers?.find(({ id }) => id === targetId)?.name ?? auditSubject(entry);
  const server = typeof detail.serverName === "string" && detail.serverName;
  const to = targetKind !== null && targetKind in pages ? pages[targetKind as keyof typeof pages] : undefined;
  return (
    <>
      {to && targetId ? (
        <Link to={to} params={{ id: targetId }} className="text-accent hover:underline">
          {words}
        </Link>
      ) : (
        <span className="break-all">{words}</span>
      )}
      {server && <span className="block text-xs text-muted">on {server}</span>}
    </>
  );
}

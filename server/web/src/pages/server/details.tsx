import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { resourcesQuery } from "../../api/queries.ts";
import type { Server } from "../../api/types.ts";
import { formatBytes, formatDuration, formatNumber } from "../../format/units.ts";
import { Panel } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { allFacts, factRows } from "./facts.ts";

/** Everything known of a server besides its measurements. */
export function Details({ server }: { server: Server }) {
  const { data: resources } = useQuery(resourcesQuery(server.id));
  const facts = factRows(allFacts(server, resources));
  const refused = Object.entries(server.refused ?? {}).filter(([, count]) => count > 0);
  const spool = server.spool;
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Panel title="Server">
        <Rows
          rows={[
            [
              "Id",
              <code key="id" className="font-mono text-xs select-all">
                {server.id}
              </code>,
            ],
            ["Host name", server.hostname],
            ["Added", <When key="added" at={server.createdAt} />],
            ["Started", <When key="booted" at={server.bootedAt} />],
            ["Reboots seen", server.rebootCount],
            ["Last report", <When key="report" at={server.lastReportAt} />],
            ["Clock", server.clockSkewMs === null ? null : clock(server.clockSkewMs)],
            ["Agent", server.agentVersion],
            ["Capabilities", server.capabilities.join(", ")],
            ["Collectors turned off", server.disabledCollectors.join(", ")],
            ["Spool", spool && `${formatNumber(spool.records)} records, ${formatBytes(spool.bytes)}`],
            ["Dropped by the spool", spool ? `${formatNumber(spool.droppedRecords)} records` : null],
            ...refused.map(([reason, count]): [string, ReactNode] => [`Refused: ${reason}`, formatNumber(count)]),
            [
              "Notes",
              server.notes && (
                <span key="notes" className="whitespace-pre-wrap">
                  {server.notes}
                </span>
              ),
            ],
          ]}
        />
      </Panel>
      <Panel title="Facts">
        {facts.length === 0 ? (
          <EmptyState title="No facts yet">The inventory comes with the first hour.</EmptyState>
        ) : (
          <Rows rows={facts} />
        )}
      </Panel>
    </div>
  );
}

function clock(skewMs: number): string {
  if (Math.abs(skewMs) < 50) return "right";
  return `${formatDuration(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? "ahead" : "behind"}`;
}

/** Names with their values; those without one are left out. */
export function Rows({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="divide-y divide-line">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
        .map(([name, value]) => (
          <div key={name} className="grid grid-cols-[9rem_minmax(0,1fr)] gap-3 px-3 py-1.5">
            <dt className="text-muted first-letter:uppercase">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

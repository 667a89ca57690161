import { useQuery } from "@tanstack/react-query";
import { alertsQuery } from "../api/queries.ts";
import { StateDot, toneOf } from "../ui/badge.tsx";
import { Ago } from "../ui/time.tsx";

/** Alerts that fire about this resource alone; those of its server stand on the server's page. */
export function ResourceAlerts({ resource }: { resource: { id: number; serverId: string } }) {
  const { data } = useQuery(alertsQuery({ state: "firing", server: resource.serverId }));
  const alerts = data?.items.filter((alert) => alert.resourceId === resource.id) ?? [];
  if (alerts.length === 0) return null;
  return (
    <ul aria-label="Firing alerts" className="panel mb-3 divide-y divide-line">
      {alerts.map((alert) => (
        <li key={alert.id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-2">
          <StateDot state={alert.severity} tone={toneOf(alert.severity)} />
          <span className="min-w-0 flex-1">
            {alert.ruleName}: {alert.summary}
          </span>
          <span className="text-xs text-muted">
            <Ago at={alert.firedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

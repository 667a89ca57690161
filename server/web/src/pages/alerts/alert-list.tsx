import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ResourcePage } from "../../alerts/resource-page.tsx";
import { alertsQuery } from "../../api/queries.ts";
import type { Alert } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { driveKeyName } from "../../format/drive-key.ts";
import { Badge, StateDot, toneOf } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Panel, Segments } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { Acknowledge } from "./acknowledge.tsx";

const route = getRouteApi("/alerts");
const states = ["firing", "pending", "resolved"] as const;
const emptyWords: Record<string, [string, string]> = {
  firing: ["Nothing is firing", "All that the rules watch is as it should be."],
  pending: ["Nothing is pending", "A condition that holds, but not yet for as long as its rule asks, waits here."],
  resolved: ["No alert has resolved yet", ""],
};

export function AlertList() {
  const { state = "firing", severity } = route.useSearch();
  const navigate = route.useNavigate();
  const [limit, setLimit] = useState(100);
  const query = useQuery(alertsQuery({ state, severity }, limit));
  const words = emptyWords[state] ?? ["No alert", ""];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Segments
          label="State"
          value={state}
          options={states.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` }))}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, state: next }), replace: true })}
        />
        <select
          className="field w-40!"
          aria-label="Severity"
          value={severity ?? ""}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, severity: event.target.value || undefined }), replace: true })
          }
        >
          <option value="">Any severity</option>
          <option value="critical">Critical</option>
          <option value="warning">Warning</option>
          <option value="info">Info</option>
        </select>
      </div>
      <Panel>
        <Loaded
          query={query}
          isEmpty={(page) => page.items.length === 0}
          empty={
            <EmptyState icon={state === "firing" ? "check" : "alerts"} title={words[0]}>
              {words[1]}
            </EmptyState>
          }
        >
          {(page) => (
            <>
              <ul className="divide-y divide-line">
                {page.items.map((alert) => (
                  <AlertRow key={alert.id} alert={alert} />
                ))}
              </ul>
              {page.nextCursor && limit < 500 && (
                <div className="border-t border-line p-2 text-center">
                  <Button look="quiet" busy={query.isFetching} onClick={() => setLimit(Math.min(500, limit * 2))}>
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

function AlertRow({ alert }: { alert: Alert }) {
  const may = useMay("operator");
  const [acking, setAcking] = useState(false);
  return (
    <li className="grid grid-cols-1 items-center gap-x-4 gap-y-1 px-3 py-2.5 md:grid-cols-[6rem_minmax(0,1fr)_auto_6rem]">
      <StateDot state={alert.severity} tone={alert.state === "resolved" ? "idle" : toneOf(alert.severity)} />
      <div className="min-w-0">
        <p className="font-medium">{alert.summary}</p>
        <p className="text-xs text-muted">
          <Link to="/servers/$id" params={{ id: alert.serverId }} className="text-accent hover:underline">
            {alert.serverName}
          </Link>
          <About alert={alert} /> · {alert.ruleName} · {since(alert)}
          {alert.resolveReason && ` · ${alert.resolveReason}`}
        </p>
        {alert.ackedAt && (
          <p className="text-xs text-muted">
            Acknowledged by {alert.ackedBy} <Ago at={alert.ackedAt} />
            {alert.ackNote && `: ${alert.ackNote}`}
          </p>
        )}
      </div>
      <span>{alert.ackedAt && alert.state !== "resolved" && <Badge tone="info">acknowledged</Badge>}</span>
      <span className="md:text-right">
        {may && alert.state === "firing" && !alert.ackedAt && (
          <Button small onClick={() => setAcking(true)}>
            Acknowledge
          </Button>
        )}
      </span>
      {acking && <Acknowledge alert={alert} onOpenChange={setAcking} />}
    </li>
  );
}

/** What the alert is about, with a link where it has a page of its own. */
function About({ alert }: { alert: Alert }) {
  const { resourceKind: kind, resourceKey: key } = alert;
  if (kind === null || kind === "host" || key === null) return null;
  return (
    <>
      {" · "}
      <ResourcePage alert={alert}>
        {kind.replaceAll("_", " ")} {kind === "drive" ? driveKeyName(key) : key}
      </ResourcePage>
    </>
  );
}

function since(alert: Alert) {
  if (alert.state === "resolved") {
    return (
      <>
        resolved <Ago at={alert.resolvedAt} />
      </>
    );
  }
  if (alert.state === "firing") {
    return (
      <>
        firing for <For since={alert.firedAt} />
      </>
    );
  }
  return (
    <>
      pending for <For since={alert.pendingAt} />
    </>
  );
}

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post, remove } from "../../api/client.ts";
import { deliveriesQuery, receiversQuery } from "../../api/queries.ts";
import type { Receiver } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { Badge, StateDot } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Ago } from "../../ui/time.tsx";
import { notify, notifyError } from "../../ui/toast.tsx";
import { NewReceiver } from "./new-receiver.tsx";

/** Who hears of alerts, and what was sent to them of late. */
export function Receivers() {
  const query = useQuery(receiversQuery);
  const may = useMay("admin");
  const [adding, setAdding] = useState(false);
  const add = may && (
    <Button small look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a receiver
    </Button>
  );
  return (
    <div className="grid gap-3">
      <Panel title="Receivers" actions={add}>
        <Loaded
          query={query}
          isEmpty={(rows) => rows.length === 0}
          empty={
            <EmptyState icon="alerts" title="Nobody hears of alerts yet" action={add}>
              Add a webhook or a mail address: every rule that names no receiver tells all of them.
            </EmptyState>
          }
        >
          {(rows) => (
            <ul className="divide-y divide-line">
              {rows.map((receiver) => (
                <ReceiverRow key={receiver.id} receiver={receiver} may={may} />
              ))}
            </ul>
          )}
        </Loaded>
        {adding && <NewReceiver onClose={() => setAdding(false)} />}
      </Panel>
      <Deliveries />
    </div>
  );
}

function ReceiverRow({ receiver, may }: { receiver: Receiver; may: boolean }) {
  const client = useQueryClient();
  const mayTest = useMay("operator");
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const path = `infrastructure/receivers/${receiver.id}`;
  async function run(action: () => Promise<unknown>, done?: string) {
    setBusy(true);
    try {
      await action();
      if (done) notify(done);
      await client.invalidateQueries({ queryKey: ["receivers"] });
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5">
      <Switch
        label={`${receiver.name}: on`}
        checked={receiver.enabled}
        disabled={!may || busy}
        onChange={(enabled) => void run(() => patch(path, { enabled }))}
      />
      <div className="min-w-0 flex-1">
        <span className="font-medium">{receiver.name}</span> <Badge>{receiver.kind}</Badge>
        <p className="truncate text-xs text-muted">{configText(receiver.config)}</p>
      </div>
      {mayTest && (
        <Button
          small
          busy={busy}
          onClick={() => void run(() => post(`${path}/test`), `A test went to ${receiver.name}`)}
        >
          Send a test
        </Button>
      )}
      {may && <IconButton icon="trash" label={`Delete ${receiver.name}`} onClick={() => setDeleting(true)} />}
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${receiver.name}?`}
        action="Delete"
        danger
        onConfirm={async () => {
          await remove(path);
          await client.invalidateQueries({ queryKey: ["receivers"] });
        }}
      >
        It hears of nothing any more, and its secrets are deleted.
      </Confirm>
    </li>
  );
}

function Deliveries() {
  const query = useQuery(deliveriesQuery);
  if (query.data?.length === 0) return null;
  return (
    <Panel title="Recent deliveries">
      <Loaded query={query}>
        {(rows) => (
          <table className="data">
            <thead>
              <tr>
                <th>Message</th>
                <th>To</th>
                <th>State</th>
                <th className="num">Attempts</th>
                <th>When</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td>
                    <div>
                      <span className="text-muted">{row.event}: </span>
                      {row.summary}
                      {row.lastError && <span className="block text-xs text-crit">{row.lastError}</span>}
                    </div>
                  </td>
                  <td data-label="To">{row.receiverName}</td>
                  <td data-label="State">
                    <StateDot state={row.state} />
                  </td>
                  <td data-label="Attempts" className="num">
                    {row.attempts}
                  </td>
                  <td data-label="When" className="text-muted">
                    <Ago at={row.deliveredAt ?? row.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

/** Where it sends to; what's secret never comes from the API. */
function configText(config: Record<string, unknown>): string {
  const target = config.url ?? config.to ?? config.host;
  return Array.isArray(target) ? target.join(", ") : typeof target === "string" ? target : "";
}

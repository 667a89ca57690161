import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch } from "../../api/client.ts";
import { collectorsQuery } from "../../api/queries.ts";
import type { Server } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { formatDuration } from "../../format/units.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Ago } from "../../ui/time.tsx";
import { notifyError } from "../../ui/toast.tsx";

const words: Record<string, string> = { absent: "not on this machine" };

/** How each of the agent's collectors does, with the words of its last error. */
export function Collectors({ server }: { server: Server }) {
  const query = useQuery(collectorsQuery(server.id));
  return (
    <Panel>
      <Loaded
        query={query}
        isEmpty={(rows) => rows.length === 0}
        empty={<EmptyState title="No collector has reported yet" />}
      >
        {(rows) => (
          <table className="data">
            <thead>
              <tr>
                <th>Collector</th>
                <th>State</th>
                <th className="w-2/5">Last error</th>
                <th className="num">Errors</th>
                <th className="num">Duration</th>
                <th>Last success</th>
                <th className="num">On</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <td className="font-medium">{row.name}</td>
                  <td data-label="State">
                    <StateDot state={row.state}>{words[row.state]}</StateDot>
                  </td>
                  <td {...(row.error && { "data-label": "Last error" })} className="text-soft">
                    {row.error}
                  </td>
                  <td data-label="Errors" className="num">
                    {row.errorCount}
                  </td>
                  <td data-label="Duration" className="num">
                    {formatDuration(row.durationSeconds)}
                  </td>
                  <td data-label="Last success" className="text-muted">
                    <Ago at={row.lastSuccessAt} />
                  </td>
                  <td data-label="On" className="num">
                    <OnOff server={server} collector={row.name} />
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

/** Turns a collector of this server on or off; the agent takes it over at once. */
function OnOff({ server, collector }: { server: Server; collector: string }) {
  const client = useQueryClient();
  const may = useMay("admin");
  const [busy, setBusy] = useState(false);
  const off = server.disabledCollectors;
  async function change(on: boolean) {
    setBusy(true);
    try {
      const disabledCollectors = on ? off.filter((name) => name !== collector) : [...off, collector];
      const changed = await patch<Server>(`infrastructure/servers/${server.id}`, { disabledCollectors });
      client.setQueryData<Server>(["server", server.id], (old) => (old ? { ...old, ...changed } : old));
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Switch
      label={`Collector ${collector}`}
      checked={!off.includes(collector)}
      disabled={!may || busy}
      onChange={(on) => void change(on)}
    />
  );
}

import { useQuery } from "@tanstack/react-query";
import { collectorsQuery } from "../../api/queries.ts";
import type { Server } from "../../api/types.ts";
import { formatDuration } from "../../format/units.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";

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
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

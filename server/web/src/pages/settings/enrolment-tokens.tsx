import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "../../api/client.ts";
import { enrolmentTokensQuery } from "../../api/queries.ts";
import type { EnrolmentToken } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { Badge, LabelList, StateDot } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";
import { AddServer } from "../fleet/add-server.tsx";

/** Tokens that let agents in. */
export function EnrolmentTokens() {
  const query = useQuery(enrolmentTokensQuery);
  const client = useQueryClient();
  const may = useMay("operator");
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<EnrolmentToken | null>(null);
  function close() {
    setAdding(false);
    void client.invalidateQueries({ queryKey: ["enrolment-tokens"] });
  }
  const add = may && (
    <Button small look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a server
    </Button>
  );
  return (
    <Panel title="Enrolment tokens" actions={add}>
      <Loaded
        query={query}
        isEmpty={(rows) => rows.length === 0}
        empty={<EmptyState title="No enrolment token yet">“Add a server” makes one with its install line.</EmptyState>}
      >
        {(rows) => (
          <table className="data">
            <thead>
              <tr>
                <th>Name</th>
                <th>State</th>
                <th>Gives</th>
                <th className="num">Used</th>
                <th>Created</th>
                <th>Expires</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((token) => (
                <tr key={token.id} className={token.state === "usable" ? "" : "opacity-70"}>
                  <td className="font-medium">{token.name}</td>
                  <td data-label="State">
                    <StateDot state={token.state} tone={token.state === "usable" ? "ok" : "idle"} />
                  </td>
                  <td data-label="Gives">
                    <span className="inline-flex flex-wrap gap-1">
                      {token.group && <Badge>{token.group}</Badge>}
                      <LabelList labels={token.labels} />
                    </span>
                  </td>
                  <td data-label="Used" className="num">
                    {token.uses}
                    <span className="text-muted"> of {token.maxUses ?? "any number"}</span>
                  </td>
                  <td data-label="Created" className="text-muted">
                    <Ago at={token.createdAt} /> by {token.createdBy}
                  </td>
                  <td data-label="Expires" className="text-muted">
                    <Ago at={token.expiresAt} />
                  </td>
                  <td className="md:text-right">
                    {may && token.state === "usable" && (
                      <IconButton icon="trash" label={`Revoke ${token.name}`} onClick={() => setRevoking(token)} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {adding && <AddServer open onOpenChange={close} />}
      <Confirm
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        action="Revoke"
        danger
        onConfirm={async () => {
          await remove(`infrastructure/enrolment-tokens/${revoking?.id}`);
          await client.invalidateQueries({ queryKey: ["enrolment-tokens"] });
        }}
      >
        No further server can enrol with it. Servers that did stay.
      </Confirm>
    </Panel>
  );
}

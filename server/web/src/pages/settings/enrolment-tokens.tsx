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
import { type RecordColumn, RecordTable } from "../../ui/record-table.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";
import { AddServer } from "../fleet/add-server.tsx";

const columns: readonly RecordColumn<EnrolmentToken>[] = [
  { label: "Name", look: "font-medium", by: ({ name }) => name, cell: ({ name }) => name },
  {
    label: "State",
    by: ({ state }) => state,
    cell: ({ state }) => <StateDot state={state} tone={state === "usable" ? "ok" : "idle"} />,
  },
  {
    label: "Gives",
    cell: ({ group, labels }) =>
      (group || Object.keys(labels).length > 0) && (
        <span className="inline-flex flex-wrap gap-1">
          {group && <Badge>{group}</Badge>}
          <LabelList labels={labels} />
        </span>
      ),
  },
  {
    label: "Used",
    num: true,
    down: true,
    by: ({ uses }) => uses,
    cell: ({ uses, maxUses }) => (
      <span>
        {uses}
        <span className="text-muted"> of {maxUses ?? "any number"}</span>
      </span>
    ),
  },
  {
    label: "Created",
    look: "text-muted",
    down: true,
    by: ({ createdAt }) => createdAt,
    cell: ({ createdAt, createdBy }) => (
      <span>
        <Ago at={createdAt} /> by {createdBy}
      </span>
    ),
  },
  {
    label: "Expires",
    look: "text-muted",
    by: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => <Ago at={expiresAt} />,
  },
];

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
          <RecordTable
            label="Enrolment tokens"
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            sort="-Created"
            dim={({ state }) => state !== "usable"}
            actions={(token) =>
              may &&
              token.state === "usable" && (
                <IconButton icon="trash" label={`Revoke ${token.name}`} onClick={() => setRevoking(token)} />
              )
            }
          />
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

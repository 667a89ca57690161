import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post, remove } from "../../api/client.ts";
import { meQuery, tokensQuery } from "../../api/queries.ts";
import type { ApiToken, Role } from "../../api/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyBox } from "../../ui/copy.tsx";
import { Confirm, Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Panel } from "../../ui/page.tsx";
import { type RecordColumn, RecordTable } from "../../ui/record-table.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";

const columns: readonly RecordColumn<ApiToken>[] = [
  { label: "Name", look: "font-medium", by: ({ name }) => name, cell: ({ name }) => name },
  { label: "Role", by: ({ role }) => role, cell: ({ role }) => <Badge>{role}</Badge> },
  {
    label: "Created",
    look: "text-muted",
    down: true,
    by: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Ago at={createdAt} />,
  },
  {
    label: "Last used",
    look: "text-muted",
    down: true,
    by: ({ lastUsedAt }) => lastUsedAt,
    cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} />,
  },
  {
    label: "Expires",
    look: "text-muted",
    by: ({ expiresAt }) => expiresAt,
    cell: ({ revokedAt, expiresAt }) => (revokedAt ? <Revoked at={revokedAt} /> : <Ago at={expiresAt} />),
  },
];

/** Tokens for scripts. */
export function ApiTokens() {
  const query = useQuery(tokensQuery);
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const add = (
    <Button small look="primary" icon="plus" onClick={() => setAdding(true)}>
      New token
    </Button>
  );
  return (
    <Panel title="API tokens" actions={add}>
      <Loaded
        query={query}
        isEmpty={(rows) => rows.length === 0}
        empty={<EmptyState title="No API token yet">Scripts use one as “Authorization: Bearer …”.</EmptyState>}
      >
        {(rows) => (
          <RecordTable
            label="API tokens"
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            sort="-Created"
            dim={({ revokedAt }) => revokedAt !== null}
            actions={(token) =>
              !token.revokedAt && (
                <IconButton icon="trash" label={`Revoke ${token.name}`} onClick={() => setRevoking(token)} />
              )
            }
          />
        )}
      </Loaded>
      {adding && <NewApiToken onClose={() => setAdding(false)} />}
      <Confirm
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        action="Revoke"
        danger
        onConfirm={async () => {
          await remove(`auth/tokens/${revoking?.id}`);
          await client.invalidateQueries({ queryKey: ["tokens"] });
        }}
      >
        Scripts that use it are refused at once.
      </Confirm>
    </Panel>
  );
}

function Revoked({ at }: { at: string }) {
  return (
    <>
      revoked <Ago at={at} />
    </>
  );
}

const roles: readonly Role[] = ["viewer", "operator", "admin"];

function NewApiToken({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [role, setRole] = useState<Role>("viewer");
  const [token, setToken] = useState<string | null>(null);
  const allowed = roles.slice(0, roles.indexOf(me?.user.role ?? "viewer") + 1);
  async function create() {
    const made = await post<{ token: string }>("auth/tokens", {
      name,
      role,
      expiresInDays: days ? Number(days) : null,
    });
    setToken(made.token);
    await client.invalidateQueries({ queryKey: ["tokens"] });
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New API token"
      description={token ? "Copy it now: it is shown this once." : "It may do what its role allows."}
    >
      {token ? (
        <div className="space-y-3">
          <CopyBox text={token} label="API token" />
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <Form onSubmit={create} submit="Create" onCancel={onClose} disabled={!name.trim()}>
          {(error) => (
            <>
              <Field label="Name" error={error("name")}>
                {(attributes) => (
                  <input
                    {...attributes}
                    className="field"
                    value={name}
                    onChange={(event) => setName(event.target.value)}
                  />
                )}
              </Field>
              <div className="grid gap-3 sm:grid-cols-2">
                <Field label="Role" error={error("role")}>
                  {(attributes) => (
                    <select
                      {...attributes}
                      className="field"
                      value={role}
                      onChange={(event) => setRole(event.target.value as Role)}
                    >
                      {allowed.map((one) => (
                        <option key={one}>{one}</option>
                      ))}
                    </select>
                  )}
                </Field>
                <Field label="Valid for, days" hint="Empty: it never expires." error={error("expiresInDays")}>
                  {(attributes) => (
                    <input
                      {...attributes}
                      className="field"
                      type="number"
                      min={1}
                      value={days}
                      onChange={(event) => setDays(event.target.value)}
                    />
                  )}
                </Field>
              </div>
            </>
          )}
        </Form>
      )}
    </Dialog>
  );
}

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post } from "../../api/client.ts";
import { meQuery, usersQuery } from "../../api/queries.ts";
import type { NewUser, Role, UserRow } from "../../api/types.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyBox } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Panel } from "../../ui/page.tsx";
import { type RecordColumn, RecordTable } from "../../ui/record-table.tsx";
import { Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";
import { notifyError } from "../../ui/toast.tsx";

const roles: readonly Role[] = ["viewer", "operator", "admin"];

const columns: readonly RecordColumn<UserRow>[] = [
  { label: "Name", look: "font-medium", by: ({ name }) => name, cell: ({ name, email }) => name || email },
  { label: "E-mail", look: "text-soft", by: ({ email }) => email, cell: ({ email }) => email },
  { label: "Role", by: ({ role }) => roles.indexOf(role), down: true, cell: (user) => <RoleChoice user={user} /> },
  { label: "State", by: stateOf, cell: (user) => <StateDot state={stateOf(user)} tone={tones[stateOf(user)]} /> },
  {
    label: "Last seen",
    look: "text-muted",
    down: true,
    by: ({ lastSeenAt }) => lastSeenAt,
    cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} />,
  },
];
const tones = { active: "ok", invited: "info", disabled: "idle" } as const;

/** Who may sign in, and as what. */
export function Users() {
  const query = useQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button small look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a user
    </Button>
  );
  return (
    <Panel title="Users" actions={add}>
      <Loaded query={query}>
        {(rows) => (
          <RecordTable
            label="Users"
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            sort="Name"
            dim={({ disabledAt }) => disabledAt !== null}
            actions={(user) => <Disable user={user} />}
          />
        )}
      </Loaded>
      {adding && <NewUserDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function stateOf({ disabledAt, mustChangePassword }: UserRow): "active" | "invited" | "disabled" {
  return disabledAt ? "disabled" : mustChangePassword ? "invited" : "active";
}

/** Changes a user; nobody changes themselves here. */
function useChange(user: UserRow) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [busy, setBusy] = useState(false);
  async function change(part: { role?: Role; disabled?: boolean }) {
    setBusy(true);
    try {
      await patch(`users/${user.id}`, part);
      await client.invalidateQueries({ queryKey: ["users"] });
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  return { change, busy, self: me?.user.id === user.id };
}

function RoleChoice({ user }: { user: UserRow }) {
  const { change, busy, self } = useChange(user);
  return (
    <select
      className="field h-7! w-auto! pointer-coarse:h-9!"
      aria-label={`Role of ${user.email}`}
      {...(self && { title: "You can't change your own role" })}
      value={user.role}
      disabled={self || busy}
      onChange={(event) => void change({ role: event.target.value as Role })}
    >
      {roles.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </select>
  );
}

function Disable({ user }: { user: UserRow }) {
  const { change, busy, self } = useChange(user);
  if (self) return null;
  return (
    <Button
      small
      busy={busy}
      aria-label={`${user.disabledAt ? "Enable" : "Disable"} ${user.email}`}
      onClick={() => void change({ disabled: user.disabledAt === null })}
    >
      {user.disabledAt ? "Enable" : "Disable"}
    </Button>
  );
}

function NewUserDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [password, setPassword] = useState<string | null>(null);
  async function create() {
    const made = await post<NewUser>("users", { name, email, role });
    setPassword(made.oneTimePassword);
    await client.invalidateQueries({ queryKey: ["users"] });
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add a user"
      description={
        password ? "Give them this password: it is shown once and must be changed at the first sign-in." : undefined
      }
    >
      {password ? (
        <div className="space-y-3">
          <CopyBox text={password} label="One-time password" />
          <div className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <Form onSubmit={create} submit="Add" onCancel={onClose} disabled={!name.trim() || !email.trim()}>
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
              <Field label="E-mail" error={error("email")}>
                {(attributes) => (
                  <input
                    {...attributes}
                    className="field"
                    type="email"
                    value={email}
                    onChange={(event) => setEmail(event.target.value)}
                  />
                )}
              </Field>
              <Field
                label="Role"
                hint="Viewers read; operators also command, acknowledge and add servers; admins do everything."
                error={error("role")}
              >
                {(attributes) => (
                  <select
                    {...attributes}
                    className="field"
                    value={role}
                    onChange={(event) => setRole(event.target.value as Role)}
                  >
                    {roles.map((one) => (
                      <option key={one}>{one}</option>
                    ))}
                  </select>
                )}
              </Field>
            </>
          )}
        </Form>
      )}
    </Dialog>
  );
}

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
import { Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";
import { notifyError } from "../../ui/toast.tsx";

const roles: readonly Role[] = ["viewer", "operator", "admin"];

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
          <table className="data">
            <thead>
              <tr>
                <th>Name</th>
                <th>E-mail</th>
                <th>Role</th>
                <th>State</th>
                <th>Last seen</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((user) => (
                <Row key={user.id} user={user} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {adding && <NewUserDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function Row({ user }: { user: UserRow }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [busy, setBusy] = useState(false);
  const self = me?.user.id === user.id;
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
  const state = user.disabledAt ? "disabled" : user.mustChangePassword ? "invited" : "active";
  return (
    <tr>
      <td className="font-medium">{user.name}</td>
      <td data-label="E-mail" className="text-soft">
        {user.email}
      </td>
      <td data-label="Role">
        <select
          className="field h-7! w-auto!"
          aria-label={`Role of ${user.email}`}
          value={user.role}
          disabled={self || busy}
          onChange={(event) => void change({ role: event.target.value as Role })}
        >
          {roles.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </select>
      </td>
      <td data-label="State">
        <StateDot state={state} tone={state === "active" ? "ok" : state === "invited" ? "info" : "idle"} />
      </td>
      <td data-label="Last seen" className="text-muted">
        <Ago at={user.lastSeenAt} />
      </td>
      <td className="md:text-right">
        {!self && (
          <Button small busy={busy} onClick={() => void change({ disabled: user.disabledAt === null })}>
            {user.disabledAt ? "Enable" : "Disable"}
          </Button>
        )}
      </td>
    </tr>
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

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { getAll, post } from "../../api/client.ts";
import type { NewEnrolmentToken, Server } from "../../api/types.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyBox } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form, parseLabels } from "../../ui/form.tsx";

type Props = { open: boolean; onOpenChange: (open: boolean) => void };

/** Makes an enrolment token, shows the line to run and waits for the server that comes with it. */
export function AddServer(props: Props) {
  const [token, setToken] = useState<NewEnrolmentToken | null>(null);
  return (
    <Dialog
      {...props}
      wide
      title="Add a server"
      description={
        token
          ? "Run this on the server, as root. It installs the agent and enrols it; nothing else needs to be open on it."
          : "A token lets the agent enrol once; afterwards it holds a certificate of its own."
      }
    >
      {token ? (
        <Waiting token={token} onDone={() => props.onOpenChange(false)} onMore={() => setToken(null)} />
      ) : (
        <NewToken onMade={setToken} onCancel={() => props.onOpenChange(false)} />
      )}
    </Dialog>
  );
}

const expiries = [
  { hours: 1, label: "1 hour" },
  { hours: 24, label: "1 day" },
  { hours: 168, label: "7 days" },
  { hours: 720, label: "30 days" },
  { hours: 0, label: "Never" },
];

function NewToken({ onMade, onCancel }: { onMade: (token: NewEnrolmentToken) => void; onCancel: () => void }) {
  const [name, setName] = useState(`added ${new Date().toISOString().slice(0, 16).replace("T", " ")}`);
  const [group, setGroup] = useState("");
  const [labels, setLabels] = useState("");
  const [hours, setHours] = useState(24);
  const [uses, setUses] = useState("1");
  async function create() {
    onMade(
      await post<NewEnrolmentToken>("infrastructure/enrolment-tokens", {
        name,
        group,
        labels: parseLabels(labels),
        expiresInHours: hours || null,
        maxUses: uses === "" ? null : Number(uses),
      }),
    );
  }
  return (
    <Form onSubmit={create} submit="Create the install line" onCancel={onCancel} disabled={!name.trim()}>
      {(error) => (
        <>
          <Field label="Name of the token" hint="Shown in the settings and the audit log." error={error("name")}>
            {(attributes) => (
              <input {...attributes} className="field" value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="Group" error={error("group")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  placeholder="web"
                  value={group}
                  onChange={(event) => setGroup(event.target.value)}
                />
              )}
            </Field>
            <Field label="Labels" error={error("labels")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  placeholder="env=prod, site=fra"
                  value={labels}
                  onChange={(event) => setLabels(event.target.value)}
                />
              )}
            </Field>
            <Field label="Valid for" error={error("expiresInHours")}>
              {(attributes) => (
                <select
                  {...attributes}
                  className="field"
                  value={hours}
                  onChange={(event) => setHours(Number(event.target.value))}
                >
                  {expiries.map((one) => (
                    <option key={one.hours} value={one.hours}>
                      {one.label}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label="Number of servers" hint="Empty: no limit." error={error("maxUses")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  type="number"
                  min={1}
                  value={uses}
                  onChange={(event) => setUses(event.target.value)}
                />
              )}
            </Field>
          </div>
        </>
      )}
    </Form>
  );
}

function Waiting(props: { token: NewEnrolmentToken; onDone: () => void; onMore: () => void }) {
  const client = useQueryClient();
  const since = useRef(Date.parse(props.token.createdAt) || Date.now());
  const { data: fresh = [] } = useQuery({
    queryKey: ["servers-new", props.token.id],
    refetchInterval: 2_000,
    queryFn: async ({ signal }) => {
      const servers = await getAll<Server>("infrastructure/servers", { sort: "name" }, signal);
      client.setQueryData(["servers"], servers);
      return servers.filter((server) => Date.parse(server.createdAt) >= since.current - 1000);
    },
  });
  const box = useRef<HTMLDivElement>(null);
  const count = fresh.length;
  useEffect(() => {
    if (count > 0) box.current?.scrollIntoView({ block: "nearest" });
  }, [count]);
  return (
    <div className="space-y-3">
      <CopyBox text={props.token.installCommand} label="Install line" />
      <p className="text-xs text-muted">
        The token is shown this once. The line trusts this Fairlead's own certificate authority and nothing else; add{" "}
        <code className="font-mono">--dry-run</code> to see what it would do.
      </p>
      <div ref={box} role="status" className="rounded-md border border-line px-3 py-2.5">
        {count === 0 ? (
          <span className="flex items-center gap-2 text-soft">
            <span className="size-2 animate-pulse rounded-full bg-info" /> Waiting for the server…
          </span>
        ) : (
          fresh.map((server) => (
            <div key={server.id} className="flex items-center gap-3 py-0.5">
              <Link
                to="/servers/$id"
                params={{ id: server.id }}
                className="min-w-0 flex-1 truncate font-medium text-accent hover:underline"
                onClick={props.onDone}
              >
                {server.name}
              </Link>
              <StateDot state={server.state} />
            </div>
          ))
        )}
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={props.onMore}>Another one</Button>
        <Button look="primary" onClick={props.onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

import { useState } from "react";
import { request } from "../../api/client.ts";
import type { DatabaseDetail } from "../../api/database-types.ts";
import type { Command } from "../../api/types.ts";
import { Field, Form } from "../../ui/form.tsx";

const tlsModes: readonly [string, string][] = [
  ["", "As usual: none on the host itself, else where it is offered"],
  ["disable", "disable: never"],
  ["prefer", "prefer: where it is offered"],
  ["require", "require: encrypted, the certificate is not checked"],
  ["verify-ca", "verify-ca: the certificate is checked"],
  ["verify-full", "verify-full: the certificate and its name are checked"],
];

/** User, password and TLS of a database, sealed by the server for its agent. */
export function CredentialsForm(props: {
  database: DatabaseDetail;
  onSent: (command: Command) => void;
  onCancel?: () => void;
}) {
  const { database } = props;
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [name, setName] = useState("");
  const [mode, setMode] = useState("");
  const [ca, setCa] = useState("");
  const [serverName, setServerName] = useState("");
  const takesCa = mode === "require" || mode.startsWith("verify");
  const hasDatabases = !["redis", "valkey", "minio"].includes(database.engine);
  function tls() {
    return {
      mode,
      ...(takesCa && ca.trim() !== "" && { ca: `${ca.trim()}\n` }),
      ...(takesCa && serverName.trim() !== "" && { serverName: serverName.trim() }),
    };
  }
  async function send() {
    const body = {
      ...(user !== "" && { user }),
      ...(password !== "" && { password }),
      ...(name !== "" && { database: name }),
      ...(mode !== "" && { tls: tls() }),
    };
    props.onSent(await request<Command>("PUT", `infrastructure/databases/${database.id}/credentials`, { body }));
    setPassword("");
  }
  const text = (value: string, onChange: (value: string) => void) => ({
    className: "field",
    spellCheck: false,
    autoCapitalize: "none",
    value,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange(event.target.value),
  });
  return (
    <Form onSubmit={send} submit="Send to the agent" {...(props.onCancel && { onCancel: props.onCancel })}>
      {(error) => (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="User" hint={userHint(database.engine)} error={error("user")}>
              {(attributes) => <input {...attributes} {...text(user, setUser)} autoComplete="off" />}
            </Field>
            <Field label="Password" error={error("password")}>
              {(attributes) => (
                <input {...attributes} {...text(password, setPassword)} type="password" autoComplete="new-password" />
              )}
            </Field>
          </div>
          <details>
            <summary className="w-fit rounded text-accent hover:underline">Database and TLS</summary>
            <div className="mt-2 space-y-3">
              {hasDatabases && (
                <Field label="Database" hint="Empty: the engine's usual one." error={error("database")}>
                  {(attributes) => <input {...attributes} {...text(name, setName)} autoComplete="off" />}
                </Field>
              )}
              <Field label="TLS" error={error("tls.mode")}>
                {(attributes) => (
                  <select
                    {...attributes}
                    className="field"
                    value={mode}
                    onChange={(event) => setMode(event.target.value)}
                  >
                    {tlsModes.map(([value, label]) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              {takesCa && (
                <Field
                  label="Name in its certificate"
                  hint="Empty: the name by which the agent reaches it."
                  error={error("tls.serverName")}
                >
                  {(attributes) => <input {...attributes} {...text(serverName, setServerName)} autoComplete="off" />}
                </Field>
              )}
              {takesCa && (
                <Field label="CA certificates" hint="PEM. Empty: those that the host trusts." error={error("tls.ca")}>
                  {(attributes) => (
                    <textarea
                      {...attributes}
                      className="field font-mono text-xs"
                      rows={4}
                      spellCheck={false}
                      placeholder="-----BEGIN CERTIFICATE-----"
                      value={ca}
                      onChange={(event) => setCa(event.target.value)}
                    />
                  )}
                </Field>
              )}
            </div>
          </details>
        </>
      )}
    </Form>
  );
}

function userHint(engine: string): string | undefined {
  if (engine === "redis" || engine === "valkey") return "Empty: the default user (requirepass).";
  if (engine === "minio") return "Empty with a bearer token as password.";
  return undefined;
}

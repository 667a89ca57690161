import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../../api/client.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Segments } from "../../ui/page.tsx";
import { notify } from "../../ui/toast.tsx";

type Kind = "webhook" | "email";
type Input = { name: string; label: string; type?: string; hint?: string; placeholder?: string; options?: string[] };

const inputs: Record<Kind, readonly Input[]> = {
  webhook: [
    { name: "url", label: "URL", type: "url", placeholder: "https://hooks.example.org/fairlead" },
    {
      name: "signingKey",
      label: "Signing key",
      type: "password",
      hint: "May be empty. Signs each message; stored sealed, never shown again.",
    },
    {
      name: "authorization",
      label: "Authorization header",
      type: "password",
      hint: "May be empty, such as “Bearer …”; stored sealed, never shown again.",
    },
  ],
  email: [
    { name: "to", label: "To", hint: "Several with commas.", placeholder: "ops@example.org" },
    { name: "from", label: "From", placeholder: "fairlead@example.org" },
    { name: "host", label: "Mail server", placeholder: "smtp.example.org" },
    { name: "port", label: "Port", type: "number" },
    { name: "encryption", label: "Encryption", options: ["starttls", "tls", "none"] },
    { name: "username", label: "User", hint: "May be empty." },
    { name: "password", label: "Password", type: "password", hint: "Stored sealed, never shown again." },
  ],
};

/** Makes a webhook or an e-mail receiver. */
export function NewReceiver({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>("webhook");
  const [name, setName] = useState("");
  const [values, setValues] = useState<Record<string, string>>({ port: "587", encryption: "starttls" });
  async function create() {
    await post("infrastructure/receivers", { name, kind, ...receiverBody(kind, values) });
    await client.invalidateQueries({ queryKey: ["receivers"] });
    notify(`${name} is added; send it a test`);
    onClose();
  }
  return (
    <Dialog open onOpenChange={onClose} title="Add a receiver">
      <Form onSubmit={create} submit="Add" onCancel={onClose} disabled={!name.trim()}>
        {(error) => (
          <>
            <Segments
              label="Kind"
              value={kind}
              options={[
                { value: "webhook", label: "Webhook" },
                { value: "email", label: "E-mail" },
              ]}
              onChange={setKind}
            />
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
            <div className={kind === "email" ? "grid gap-3 sm:grid-cols-2" : "grid gap-3"}>
              {inputs[kind].map((input) => (
                <Field key={input.name} label={input.label} hint={input.hint} error={error(input.name)}>
                  {(attributes) =>
                    input.options ? (
                      <select
                        {...attributes}
                        className="field"
                        value={values[input.name] ?? ""}
                        onChange={(event) => setValues({ ...values, [input.name]: event.target.value })}
                      >
                        {input.options.map((option) => (
                          <option key={option}>{option}</option>
                        ))}
                      </select>
                    ) : (
                      <input
                        {...attributes}
                        className="field"
                        type={input.type ?? "text"}
                        placeholder={input.placeholder}
                        autoComplete={input.type === "password" ? "new-password" : "off"}
                        value={values[input.name] ?? ""}
                        onChange={(event) => setValues({ ...values, [input.name]: event.target.value })}
                      />
                    )
                  }
                </Field>
              ))}
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}

function receiverBody(kind: Kind, values: Record<string, string>): Record<string, unknown> {
  const given = (names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => values[name]).map((name) => [name, values[name]]));
  if (kind === "webhook") return { config: given(["url"]), secrets: given(["signingKey", "authorization"]) };
  const to = (values.to ?? "").split(",").map((one) => one.trim());
  return {
    config: { ...given(["from", "host", "username", "encryption"]), port: Number(values.port), to: to.filter(Boolean) },
    secrets: given(["password"]),
  };
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { commandQuery } from "../api/queries.ts";
import type { Command, Container } from "../api/types.ts";
import { Phases } from "../commands/command-progress.tsx";
import { newKey, sendCommand } from "../commands/send-command.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { ErrorState } from "../ui/states.tsx";
import { BackupFields } from "./backup-fields.tsx";
import { Guards, PlanView } from "./plan-view.tsx";
import { type GateForm, newForm, newGate, type UpdateForm, updateArgs } from "./update-form.ts";
import { type Guard, readUpdateOutput } from "./update-output.ts";

type Props = { container: Container; onClose: () => void; onSent: (command: Command) => void };

/** To update a container: what to, how it proves itself, what is backed up; the plan before, if one likes. */
export function UpdateDialog({ container, onClose, onSent }: Props) {
  const [form, setForm] = useState(() => newForm(container.image));
  const [plan, setPlan] = useState<string | null>(null);
  const [key] = useState(newKey);
  const set = (part: Partial<UpdateForm>) => setForm((old) => ({ ...old, ...part }));
  const send = (dryRun: boolean, forceReason = "") =>
    sendCommand(
      container.serverId,
      "container.update",
      updateArgs(container.name, { ...form, forceReason }, dryRun),
      dryRun || forceReason ? newKey() : key,
    );
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`Update ${container.name}`}
      description="A new container is made beside the old one and started in its place. If it does not prove itself, the old one is put back."
    >
      {plan === null ? (
        <Form
          onSubmit={async () => onSent(await send(false))}
          submit="Update now"
          onCancel={onClose}
          disabled={!form.image.trim()}
          more={(run) => (
            <Button disabled={!form.image.trim()} onClick={() => run(async () => setPlan((await send(true)).id))}>
              Show the plan
            </Button>
          )}
        >
          {(error) => <Fields form={form} set={set} image={container.image} error={error} />}
        </Form>
      ) : (
        <Planned id={plan} onBack={() => setPlan(null)} onRun={async (reason) => onSent(await send(false, reason))} />
      )}
    </Dialog>
  );
}

type FieldsProps = {
  form: UpdateForm;
  set: (part: Partial<UpdateForm>) => void;
  image: string;
  error: (name: string) => string | undefined;
};

function Fields({ form, set, image, error }: FieldsProps) {
  const setGate = (id: number, part: Partial<GateForm>) =>
    set({ gates: form.gates.map((gate) => (gate.id === id ? { ...gate, ...part } : gate)) });
  return (
    <>
      <Field label="Image" hint={`Now: ${image}`} error={error("image")}>
        {(attributes) => (
          <input
            {...attributes}
            className="field font-mono"
            spellCheck={false}
            autoCapitalize="none"
            value={form.image}
            onChange={(event) => set({ image: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-3 sm:grid-cols-3">
        <Seconds
          label="Must run for, seconds"
          usual="10"
          value={form.stable}
          error={error("stableSeconds")}
          set={(stable) => set({ stable })}
        />
        <Seconds
          label="Healthy within, seconds"
          usual="as its check says"
          value={form.healthTimeout}
          error={error("healthTimeoutSeconds")}
          set={(healthTimeout) => set({ healthTimeout })}
        />
        <Seconds
          label="Keep the old one, days"
          usual="7"
          value={form.keepDays}
          error={error("keepImageSeconds")}
          set={(keepDays) => set({ keepDays })}
        />
      </div>
      <fieldset className="rounded-md border border-line p-3">
        <legend className="px-1 text-xs font-medium text-soft">Gates</legend>
        <p className="mb-2 text-xs text-muted">
          What the new container has to pass besides its own health check and its fairlead.gate labels.
        </p>
        <div className="space-y-2">
          {form.gates.map((gate) => (
            <GateFields
              key={gate.id}
              gate={gate}
              set={(part) => setGate(gate.id, part)}
              onRemove={() => set({ gates: form.gates.filter(({ id }) => id !== gate.id) })}
            />
          ))}
        </div>
        {error("gates") && <p className="mt-1 text-xs text-crit">{error("gates")}</p>}
        <Button small icon="plus" className="mt-2" onClick={() => set({ gates: [...form.gates, newGate()] })}>
          Add a gate
        </Button>
      </fieldset>
      <fieldset className="rounded-md border border-line p-3">
        <legend className="px-1 text-xs font-medium text-soft">Backup</legend>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={form.backup.on}
            onChange={(event) => set({ backup: { ...form.backup, on: event.target.checked } })}
          />
          Back up before
        </label>
        {form.backup.on ? (
          <div className="mt-2">
            <BackupFields
              form={form.backup}
              set={(part) => set({ backup: { ...form.backup, ...part } })}
              error={error}
            />
          </div>
        ) : (
          <p className="mt-1 text-xs text-muted">Otherwise as its fairlead.backup labels say.</p>
        )}
      </fieldset>
    </>
  );
}

function Seconds(props: {
  label: string;
  usual: string;
  value: string;
  error: string | undefined;
  set: (value: string) => void;
}) {
  return (
    <Field label={props.label} error={props.error}>
      {(attributes) => (
        <input
          {...attributes}
          className="field"
          type="number"
          min={0}
          placeholder={props.usual}
          value={props.value}
          onChange={(event) => props.set(event.target.value)}
        />
      )}
    </Field>
  );
}

type GateProps = { gate: GateForm; set: (part: Partial<GateForm>) => void; onRemove: () => void };

function GateFields({ gate, set, onRemove }: GateProps) {
  const input = (name: "port" | "path" | "status" | "contains" | "command" | "timeout", label: string, more = "") => (
    <input
      className={`field ${more}`}
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      autoCapitalize="none"
      inputMode={name === "port" || name === "timeout" ? "numeric" : "text"}
      value={gate[name]}
      onChange={(event) => set({ [name]: event.target.value })}
    />
  );
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <select
        className="field w-24!"
        aria-label="Kind of gate"
        value={gate.kind}
        onChange={(event) => set({ kind: event.target.value as GateForm["kind"] })}
      >
        <option value="http">HTTP</option>
        <option value="tcp">TCP</option>
        <option value="exec">Program</option>
      </select>
      {gate.kind !== "exec" && input("port", "Port", "w-20!")}
      {gate.kind === "http" && (
        <>
          {input("path", "Path", "w-36! font-mono")}
          {input("status", "Status: 200-399", "w-32!")}
          {input("contains", "Holds the text", "w-32!")}
          <label className="flex items-center gap-1 text-xs">
            <input type="checkbox" checked={gate.tls} onChange={(event) => set({ tls: event.target.checked })} />
            TLS
          </label>
        </>
      )}
      {gate.kind === "exec" && input("command", "Program and arguments", "w-64! font-mono")}
      {input("timeout", "Seconds: 60", "w-24!")}
      <IconButton icon="trash" label="Remove this gate" onClick={onRemove} />
    </div>
  );
}

/** The plan as it comes, then what can be done with it. */
function Planned({
  id,
  onBack,
  onRun,
}: {
  id: string;
  onBack: () => void;
  onRun: (reason: string) => Promise<unknown>;
}) {
  const query = useQuery(commandQuery(id));
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const command = query.data;
  if (!command)
    return query.error ? <ErrorState compact error={query.error} /> : <p className="text-muted">Asking the agent</p>;
  const output = readUpdateOutput(command.output);
  const guards: Guard[] = output?.guards ?? [];
  const plan = command.status === "succeeded" ? output?.plan : null;
  const stopped = guards.some(({ forcible }) => !forcible);
  const needsReason = guards.length > 0;
  const done = command.finishedAt !== null;
  async function run() {
    setBusy(true);
    setError(null);
    try {
      await onRun(needsReason ? reason : "");
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }
  return (
    <div className="space-y-3">
      {!done && <Phases command={command} />}
      {done && plan && output && <PlanView output={output} plan={plan} />}
      {done && !plan && guards.length > 0 && <Guards guards={guards} />}
      {done && !plan && guards.length === 0 && <Phases command={command} />}
      {done && needsReason && !stopped && (
        <Field label="Why it is to be done all the same" hint="Stands in the history of the container">
          {(attributes) => (
            <input
              {...attributes}
              className="field"
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      )}
      {error !== null && <ErrorState compact error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>Back</Button>
        {done && (plan || needsReason) && !stopped && (
          <Button
            look={needsReason ? "danger" : "primary"}
            busy={busy}
            disabled={needsReason && reason.trim().length < 3}
            onClick={() => void run()}
          >
            {needsReason ? "Update all the same" : "Run this update"}
          </Button>
        )}
      </div>
    </div>
  );
}

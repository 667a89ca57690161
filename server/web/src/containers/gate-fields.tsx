import { Button, IconButton } from "../ui/button.tsx";
import { type GateForm, newGate } from "./update-form.ts";

type Props = { gates: readonly GateForm[]; set: (gates: GateForm[]) => void; error: string | undefined };

/** What a new container has to pass besides what it brings itself; any number of probes. */
export function GateFields({ gates, set, error }: Props) {
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-medium text-soft">Gates</legend>
      <p className="mb-2 text-xs text-muted">
        What the new container has to pass besides its own health check and its fairlead.gate labels.
      </p>
      <div className="space-y-2">
        {gates.map((gate) => (
          <OneGate
            key={gate.id}
            gate={gate}
            set={(part) => set(gates.map((one) => (one.id === gate.id ? { ...one, ...part } : one)))}
            onRemove={() => set(gates.filter(({ id }) => id !== gate.id))}
          />
        ))}
      </div>
      {error && <p className="mt-1 text-xs text-crit">{error}</p>}
      <Button small icon="plus" className="mt-2" onClick={() => set([...gates, newGate()])}>
        Add a gate
      </Button>
    </fieldset>
  );
}

type OneProps = { gate: GateForm; set: (part: Partial<GateForm>) => void; onRemove: () => void };

function OneGate({ gate, set, onRemove }: OneProps) {
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

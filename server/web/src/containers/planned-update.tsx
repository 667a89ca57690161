import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { commandQuery } from "../api/queries.ts";
import { Phases } from "../commands/command-progress.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/form.tsx";
import { ErrorState } from "../ui/states.tsx";
import { Guards, PlanView } from "./plan-view.tsx";
import { type Guard, readUpdateOutput } from "./update-output.ts";

/** The plan as it comes, then what can be done with it. */
export function PlannedUpdate({
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

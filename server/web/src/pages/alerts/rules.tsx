import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post } from "../../api/client.ts";
import { receiversQuery, rulesQuery } from "../../api/queries.ts";
import type { AlertRule, Severity } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { ActionMenu } from "../../ui/menu.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Switch } from "../../ui/switch.tsx";
import { notify, notifyError } from "../../ui/toast.tsx";
import { conditionText, hasThreshold, unitOf } from "./condition.ts";

/** The rules: on or off, how bad, when. */
export function Rules() {
  const query = useQuery(rulesQuery);
  const [editing, setEditing] = useState<AlertRule | null>(null);
  return (
    <Panel>
      <Loaded
        query={query}
        isEmpty={(rules) => rules.length === 0}
        empty={<EmptyState icon="alerts" title="There is no rule" />}
      >
        {(rules) => (
          <ul className="divide-y divide-line">
            {rules.map((rule) => (
              <RuleRow key={rule.id} rule={rule} onEdit={() => setEditing(rule)} />
            ))}
          </ul>
        )}
      </Loaded>
      {editing && <EditRule rule={editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

function RuleRow({ rule, onEdit }: { rule: AlertRule; onEdit: () => void }) {
  const may = useMay("admin");
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { data: receivers } = useQuery(receiversQuery);
  async function toggle(enabled: boolean) {
    setBusy(true);
    try {
      const changed = await patch<AlertRule>(`infrastructure/alert-rules/${rule.id}`, { enabled });
      client.setQueryData<AlertRule[]>(["rules"], (old) => old?.map((one) => (one.id === rule.id ? changed : one)));
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  async function restore() {
    setBusy(true);
    try {
      await post("infrastructure/alert-rules/restore", { builtinKey: rule.builtinKey });
      await client.invalidateQueries({ queryKey: ["rules"] });
      notify(`${rule.name} is as it came with Fairlead`);
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  const names = rule.receiverIds?.map((id) => receivers?.find((one) => one.id === id)?.name ?? "a receiver");
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-3 py-2.5">
      <Switch
        label={`${rule.name}: on`}
        checked={rule.enabled}
        disabled={!may || busy}
        onChange={(on) => void toggle(on)}
      />
      <div className={`min-w-0 ${rule.enabled ? "" : "text-muted"}`}>
        <div className="flex flex-wrap items-center gap-x-3">
          <span className="font-medium">{rule.name}</span>
          <span className="text-xs">
            <StateDot state={rule.severity} {...(!rule.enabled && { tone: "idle" as const })} />
          </span>
        </div>
        <p className="text-xs text-muted">
          {rule.resourceKind}: {conditionText(rule)}
          {names && ` · to ${names.length === 0 ? "nobody" : names.join(", ")}`}
        </p>
      </div>
      {may && (
        <span className="flex items-center">
          <Button small look="quiet" icon="edit" onClick={onEdit} aria-label={`Edit ${rule.name}`}>
            Edit
          </Button>
          {rule.builtinKey && (
            <ActionMenu
              label={`More on ${rule.name}`}
              actions={[{ label: "As it came with Fairlead", icon: "refresh", onSelect: () => void restore() }]}
            />
          )}
        </span>
      )}
    </li>
  );
}

/** Ratios are edited as per cent, everything else in its base unit. */
function EditRule({ rule, onClose }: { rule: AlertRule; onClose: () => void }) {
  const client = useQueryClient();
  const { condition } = rule;
  const comparable = hasThreshold(condition) && unitOf(rule) !== "boolean";
  const factor = unitOf(rule) === "ratio" ? 100 : 1;
  const unit = unitOf(rule) === "ratio" ? "%" : unitOf(rule).replaceAll("_", " ");
  const start = (value: unknown) => (typeof value === "number" ? String(Number((value * factor).toPrecision(6))) : "");
  const [value, setValue] = useState(start(condition.value));
  const [clear, setClear] = useState(start(condition.clear));
  const [seconds, setSeconds] = useState(typeof condition.seconds === "number" ? String(condition.seconds) : "");
  const [held, setHeld] = useState(String(rule.forSeconds));
  const [severity, setSeverity] = useState<Severity>(rule.severity);
  async function save() {
    const { clear: _clear, ...rest } = condition;
    const changed = await patch<AlertRule>(`infrastructure/alert-rules/${rule.id}`, {
      severity,
      forSeconds: Number(held),
      condition: {
        ...rest,
        ...(hasThreshold(condition) && { value: Number(value) / factor }),
        ...(condition.type === "threshold" && clear !== "" && { clear: Number(clear) / factor }),
        ...(seconds !== "" && { seconds: Number(seconds) }),
      },
    });
    client.setQueryData<AlertRule[]>(["rules"], (old) => old?.map((one) => (one.id === rule.id ? changed : one)));
    onClose();
  }
  const number = (label: string, name: string, text: string, set: (text: string) => void, hint?: string) => ({
    label,
    name,
    text,
    set,
    hint,
  });
  const fields = [
    ...(comparable ? [number(`Fires at ${condition.op}, in ${unit}`, "value", value, setValue)] : []),
    ...(condition.type === "threshold" && comparable
      ? [number(`Clears at, in ${unit}`, "clear", clear, setClear, "Empty: where it fires.")]
      : []),
    ...(seconds !== "" ? [number("Within, seconds", "seconds", seconds, setSeconds)] : []),
    number("Must hold for, seconds", "forSeconds", held, setHeld),
  ];
  return (
    <Dialog open onOpenChange={onClose} title={rule.name} description={rule.description || conditionText(rule)}>
      <Form onSubmit={save} submit="Save" onCancel={onClose}>
        {(error) => (
          <>
            <div className="grid gap-3 sm:grid-cols-2">
              {fields.map((field) => (
                <Field key={field.name} label={field.label} hint={field.hint} error={error(field.name)}>
                  {(attributes) => (
                    <input
                      {...attributes}
                      className="field"
                      type="number"
                      step="any"
                      value={field.text}
                      onChange={(event) => field.set(event.target.value)}
                    />
                  )}
                </Field>
              ))}
              <Field label="Severity" error={error("severity")}>
                {(attributes) => (
                  <select
                    {...attributes}
                    className="field"
                    value={severity}
                    onChange={(event) => setSeverity(event.target.value as Severity)}
                  >
                    <option value="info">Info</option>
                    <option value="warning">Warning</option>
                    <option value="critical">Critical</option>
                  </select>
                )}
              </Field>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}

import { useState } from "react";
import type { DriveDetail } from "../../api/storage-types.ts";
import { newKey, sendCommand } from "../../commands/send-command.ts";
import { formatNumber } from "../../format/units.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { Segments } from "../../ui/page.tsx";
import { When } from "../../ui/time.tsx";
import { sentence } from "./drive-reasons.tsx";
import { driveName } from "./words.ts";

export type Counter = { key: string; name: string; count: number; accepted: number | null };

/** What speaks against the drive and can be accepted, each counter once, as its agent says. */
export function countersOf({ reasons, attributes }: Pick<DriveDetail, "reasons" | "attributes">): Counter[] {
  const found = new Map<string, Counter>();
  for (const { acknowledge: key, attribute, value, text } of reasons) {
    if (key === null || found.has(key)) continue;
    const shown = attributes.find((one) => one.key === (attribute ?? key));
    const name = shown?.name.replaceAll("_", " ") ?? sentence(text);
    const isPast = key.endsWith(":past");
    found.set(key, {
      key,
      name: isPast ? `${name}: failed once` : name,
      count: isPast ? 1 : (shown?.decoded ?? value ?? 1),
      accepted: isPast ? null : (shown?.accepted ?? null),
    });
  }
  return [...found.values()];
}

type Props = { drive: DriveDetail; onClose: () => void; onSent: (command: string) => void };

/** Chooses counts to accept, or accepted ones to forget. */
export function AcknowledgeCounters({ drive, onClose, onSent }: Props) {
  const [mode, setMode] = useState<"accept" | "forget">("accept");
  const [key] = useState(newKey);
  const counters = countersOf(drive);
  const names = new Map(counters.map((each) => [each.key, each.name]));
  const baseline = Object.entries(drive.baseline?.counts ?? {});
  const forgets = mode === "forget";
  const choices = forgets
    ? baseline.map(([name, count]) => ({
        key: name,
        label: nameOf(drive, names, name),
        note: `accepted ${formatNumber(count)}`,
      }))
    : counters.map((each) => ({
        key: each.key,
        label: each.name,
        note: `now ${formatNumber(each.count)}${each.accepted === null ? "" : `, accepted ${formatNumber(each.accepted)}`}`,
      }));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = choices.filter((one) => !left.has(one.key));
  async function send() {
    const all = chosen.length === choices.length && !forgets;
    const args = {
      drive: drive.key,
      ...(!all && { counters: chosen.map((one) => one.key) }),
      ...(forgets && { reset: true }),
    };
    onSent((await sendCommand(drive.serverId, "drive.acknowledge", args, `${key}${mode}`)).id);
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Counters of ${driveName(drive)}`}
      description="Counters never fall by themselves. Accept what you have seen and judged: from then on only a rise counts."
    >
      {baseline.length > 0 && (
        <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
          <Segments
            label="What to do"
            value={mode}
            options={[
              { value: "accept", label: "Accept" },
              { value: "forget", label: "Forget accepted ones" },
            ]}
            onChange={(next) => {
              setMode(next);
              setLeft(new Set());
            }}
          />
          {drive.baseline?.at && (
            <span className="text-xs text-muted">
              accepted on <When at={drive.baseline.at} />
            </span>
          )}
        </div>
      )}
      <Form
        onSubmit={send}
        submit={forgets ? "Forget" : "Acknowledge"}
        onCancel={onClose}
        disabled={chosen.length === 0}
      >
        {() =>
          choices.length === 0 ? (
            <p className="text-muted">No counter of this drive needs to be accepted.</p>
          ) : (
            <fieldset>
              <legend className="sr-only">Counters</legend>
              <ul className="divide-y divide-line rounded-md border border-line">
                {choices.map((one) => (
                  <li key={one.key}>
                    <label className="flex cursor-pointer items-center gap-2 px-3 py-2">
                      <input
                        type="checkbox"
                        className="size-4 accent-(--accent)"
                        checked={!left.has(one.key)}
                        onChange={(event) => setLeft(toggled(left, one.key, !event.target.checked))}
                      />
                      <span className="min-w-0 flex-1">{one.label}</span>
                      <span className="text-muted">{one.note}</span>
                    </label>
                  </li>
                ))}
              </ul>
            </fieldset>
          )
        }
      </Form>
    </Dialog>
  );
}

function toggled(set: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}

function nameOf(drive: DriveDetail, names: ReadonlyMap<string, string>, key: string): string {
  const attribute = drive.attributes.find((one) => one.key === key);
  return names.get(key) ?? attribute?.name.replaceAll("_", " ") ?? key;
}

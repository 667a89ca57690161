import { useState } from "react";
import type { Command } from "../api/types.ts";
import { newKey, sendCommand } from "../commands/send-command.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Form } from "../ui/form.tsx";
import { ImageField } from "./image-field.tsx";
import { PlannedUpdate } from "./planned-update.tsx";
import type { Project } from "./projects.ts";
import { UpdateFields } from "./update-fields.tsx";
import { newProjectForm, type ProjectForm, projectArgs, type ServiceForm } from "./update-form.ts";

type Props = { project: Project; onClose: () => void; onSent: (command: Command) => void };

/** To update services of a compose project as one: all of them prove themselves, or all are put back. */
export function ProjectDialog({ project, onClose, onSent }: Props) {
  const [form, setForm] = useState(() => newProjectForm(project.services));
  const [plan, setPlan] = useState<string | null>(null);
  const [key] = useState(newKey);
  const set = (part: Partial<ProjectForm>) => setForm((old) => ({ ...old, ...part }));
  const chosen = form.services.filter(({ on }) => on);
  const complete = chosen.length > 0 && chosen.every(({ image }) => image.trim() !== "");
  const send = (dryRun: boolean, forceReason = "") =>
    sendCommand(
      project.serverId,
      "project.update",
      projectArgs(project.name, { ...form, forceReason }, dryRun),
      dryRun || forceReason ? newKey() : key,
    );
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`Update project ${project.name}`}
      description="Its services are replaced in the order of their dependencies, as one update: if one of them does not prove itself, all are put back."
    >
      {plan === null ? (
        <Form
          onSubmit={async () => setPlan((await send(true)).id)}
          submit="Show the plan"
          onCancel={onClose}
          disabled={!complete}
          more={(run) => (
            <Button disabled={!complete} onClick={() => run(async () => onSent(await send(false)))}>
              Update now
            </Button>
          )}
        >
          {(error) => (
            <>
              <Services
                project={project}
                services={form.services}
                set={(services) => set({ services })}
                error={(name) => error(`images.${name}`)}
              />
              <UpdateFields form={form} set={set} error={error}>
                <p className="text-xs text-muted">
                  Each container has to pass its own health check and the gates of its labels{" "}
                  <code className="font-mono">fairlead.gate.http</code>, <code className="font-mono">.tcp</code> and{" "}
                  <code className="font-mono">.exec</code>, which stand in the compose file: docs/containers-labels.md
                  tells how they are written.
                </p>
              </UpdateFields>
            </>
          )}
        </Form>
      ) : (
        <PlannedUpdate
          id={plan}
          onBack={() => setPlan(null)}
          onRun={async (reason) => onSent(await send(false, reason))}
        />
      )}
    </Dialog>
  );
}

function Services(props: {
  project: Project;
  services: ServiceForm[];
  set: (services: ServiceForm[]) => void;
  error: (name: string) => string | undefined;
}) {
  const { project, services, set, error } = props;
  const change = (name: string, part: Partial<ServiceForm>) =>
    set(services.map((one) => (one.name === name ? { ...one, ...part } : one)));
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-medium text-soft">Services</legend>
      <p className="mb-2 text-xs text-muted">
        With the image as it is, a service gets the newest of that tag; one that has it already is left alone.
      </p>
      <ul className="space-y-2">
        {services.map(({ name, on, image }) => {
          const known = project.services.find((service) => service.name === name);
          const several = (known?.containers ?? 1) > 1 ? `, ${known?.containers} containers` : "";
          return (
            <li key={name} className="flex items-start gap-2">
              <input
                type="checkbox"
                className="mt-7.5"
                aria-label={`Update ${name}`}
                checked={on}
                onChange={(event) => change(name, { on: event.target.checked })}
              />
              <div className="min-w-0 flex-1">
                <ImageField
                  label={`${name}${several}`}
                  {...(known && known.image !== image && { hint: `Now: ${known.image}` })}
                  error={error(name)}
                  value={image}
                  disabled={!on}
                  set={(next) => change(name, { image: next })}
                />
              </div>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

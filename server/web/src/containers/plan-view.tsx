import type { ReactNode } from "react";
import { formatBytes, formatDuration } from "../format/units.ts";
import { Badge } from "../ui/badge.tsx";
import { Icon } from "../ui/icons.tsx";
import { ComposeEdits, Notes } from "./update-notes.tsx";
import type { Change, Guard, Plan, PlannedContainer, UpdateOutput } from "./update-output.ts";

const stepWords: Record<string, string> = {
  pull: "Pull the image",
  create: "Create the new container beside the old one",
  backup: "Back up",
  rename: "Swap the names",
  stop: "Stop the old container",
  start: "Start the new container",
  gate: "Wait until it proves itself",
  restart: "Restart what depends on it",
  commit: "Remove the old container, keep its image",
};
const roleWords: Record<string, string> = {
  target: "gets the new image",
  recreate: "is made anew, since it shares with the target",
  restart: "is restarted at the end",
};
const stayWords: Record<string, string> = {
  volumes: "Volumes",
  binds: "Host folders",
  networks: "Networks",
  restartPolicy: "Restart policy",
};
const guardWords: Record<string, string> = {
  no_space: "Not enough space",
  engine_unhealthy: "The engine is not well",
  database_major: "Another major version of a database",
  pinned_digest: "Pinned to a digest",
  label_never: "Labelled never to be updated",
  orchestrated: "Managed by an orchestrator",
  own_container: "The agent's own container",
  replaced_since: "Replaced since that update",
};

/** What an update would do, as the agent answered to a dry run. */
export function PlanView({ output, plan }: { output: UpdateOutput; plan: Plan }) {
  return (
    <div className="space-y-4">
      <Guards guards={output.guards} />
      <section>
        <Heading>Steps</Heading>
        <ol className="list-inside list-decimal space-y-0.5 text-soft">
          {plan.steps.map((step) => (
            <li key={step}>{stepWords[step] ?? step}</li>
          ))}
        </ol>
        {plan.ownContainer && <p className="mt-1 text-muted">The agent's own container is {plan.ownContainer}.</p>}
        {plan.keepImageSeconds !== null && (
          <p className="mt-1 text-muted">
            The old image is kept for {formatDuration(plan.keepImageSeconds)}, for a later roll-back.
          </p>
        )}
      </section>
      {plan.containers.map((one) => (
        <Planned key={one.name} one={one} />
      ))}
      {plan.unchanged.length > 0 && (
        <p className="text-muted">Already of that image, left alone: {plan.unchanged.join(", ")}</p>
      )}
      <ComposeEdits title="Written into compose files at the end" edits={plan.composeFiles} />
      <Notes notes={plan.warnings} />
    </div>
  );
}

function Planned({ one }: { one: PlannedContainer }) {
  const [from, to] = one.size;
  return (
    <section className="rounded-md border border-line p-3">
      <p className="flex flex-wrap items-center gap-x-2">
        <strong className="font-medium">{one.name}</strong>
        <span className="text-muted">{roleWords[one.role] ?? one.role}</span>
        {!one.running && <Badge tone="idle">stays stopped</Badge>}
      </p>
      {one.because.length > 0 && <p className="text-xs text-muted">Shares the {one.because.join(", the ")}</p>}
      <p className="mt-1 font-mono text-xs break-all">
        {one.fromImage === one.toImage ? one.toImage : `${one.fromImage} → ${one.toImage}`}
      </p>
      {from !== null && to !== null && from !== to && (
        <p className="text-xs text-muted">
          {formatBytes(from)} → {formatBytes(to)}
        </p>
      )}
      {one.role === "target" && <Changes changes={one.changes} />}
      <dl className="mt-2 space-y-0.5 text-xs">
        {one.gates.length > 0 && <Stay name="Gates" values={one.gates} />}
        {one.stays.map(([name, values]) => (
          <Stay key={name} name={`${stayWords[name] ?? name} kept`} values={values} />
        ))}
      </dl>
      {one.create && (
        <details className="mt-2">
          <summary className="text-xs text-accent">What is sent to the engine</summary>
          <pre className="mt-1 max-h-72 overflow-auto rounded bg-sunken p-2 font-mono text-xs whitespace-pre-wrap">
            {one.create}
          </pre>
        </details>
      )}
    </section>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="mt-2 text-xs text-muted">The images' defaults are the same.</p>;
  return (
    <ul aria-label="What changes" className="mt-2 space-y-0.5 font-mono text-xs">
      {changes.map(({ field, name, from, to }) => (
        <li key={`${field} ${name}`} className="break-all">
          <span className="text-muted">
            {field} {name}{" "}
          </span>
          {from !== null && <del className="text-crit">{from === "yes" ? "removed" : from}</del>}
          {from !== null && to !== null && " "}
          {to !== null && <ins className="text-ok no-underline">{to === "yes" ? "added" : to}</ins>}
        </li>
      ))}
    </ul>
  );
}

function Stay({ name, values }: { name: string; values: readonly string[] }) {
  return (
    <div className="flex flex-wrap gap-x-2">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 font-mono break-all">{values.join(", ")}</dd>
    </div>
  );
}

/** What speaks against an update, each with its sentence. */
export function Guards({ guards, children }: { guards: readonly Guard[]; children?: ReactNode }) {
  if (guards.length === 0) return null;
  return (
    <section role="alert" className="rounded-md bg-warn-soft p-3">
      <p className="flex items-center gap-2 font-medium text-warn">
        <Icon name="warning" />
        This host speaks against it
      </p>
      <ul className="mt-1 space-y-1">
        {guards.map((guard) => (
          <li key={guard.code + guard.container}>
            {guardWords[guard.code] ?? guard.code}: <span className="text-soft">{guard.message}</span>
            {!guard.forcible && <span className="text-crit"> This can't be passed over.</span>}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

function Heading({ children }: { children: ReactNode }) {
  return <h3 className="mb-1 text-xs font-medium text-muted">{children}</h3>;
}

/** What the agent answers to updates, roll-backs and dry runs, as far as the page shows it. */
export type UpdateOutput = {
  dryRun: boolean;
  fromImage: string;
  toImage: string;
  fromDigest: string;
  toDigest: string;
  downtimeMs: number | null;
  members: Member[];
  gates: Gate[];
  backups: [container: string, backup: string][];
  guards: Guard[];
  forceReason: string;
  phases: [step: string, ms: number][];
  /** Lines that were written. */
  composeFiles: ComposeEdit[];
  warnings: string[];
  /** Of an update that was undone. */
  data: DataLeft | null;
  leftOvers: LeftOver[];
  logs: string[];
  plan: Plan | null;
};
/** A line of a compose file, or of an env file, whose variable `key` is. */
export type ComposeEdit = { file: string; line: number; key: string; from: string; to: string };
/** `command`: puts the data back; empty where the backup holds none of its volumes. */
export type DataLeft = { touched: boolean; saved: { container: string; backup: string; command: string }[] };
/** `name`: what the old container is called now; empty: it is gone. */
export type LeftOver = { container: string; name: string; state: string; commands: string[] };
export type Member = { name: string; role: string; fromImage: string; toImage: string; because: string[] };
export type Gate = { container: string; name: string; passed: boolean; detail: string };
export type Guard = { code: string; container: string; message: string; forcible: boolean };
export type Change = { field: string; name: string; from: string | null; to: string | null };
export type PlannedContainer = Member & {
  running: boolean;
  changes: Change[];
  size: [from: number | null, to: number | null];
  stays: [name: string, values: string[]][];
  gates: string[];
  create: string;
};
export type Plan = {
  steps: string[];
  containers: PlannedContainer[];
  unchanged: string[];
  keepImageSeconds: number | null;
  ownContainer: string;
  /** Lines that would be written. */
  composeFiles: ComposeEdit[];
  warnings: string[];
};

type Raw = Record<string, unknown>;

/** Reads the output of a command; undefined where it is not of an update. What is missing or odd is left out. */
export function readUpdateOutput(output: Raw | null): UpdateOutput | undefined {
  if (!output || !("toImage" in output || "plan" in output || "guards" in output)) return undefined;
  return {
    dryRun: output.dryRun === true,
    fromImage: text(output.fromImage),
    toImage: text(output.toImage),
    fromDigest: text(output.fromDigest),
    toDigest: text(output.toDigest),
    downtimeMs: number(output.downtimeMs),
    members: objects(output.containers).map(member),
    gates: objects(output.gates).map((gate) => ({
      container: text(gate.container),
      name: gateName(gate),
      passed: gate.passed === true,
      detail: text(gate.said),
    })),
    backups: Object.entries(object(output.backups)).map(([name, id]) => [name, text(id)] as const) as [
      string,
      string,
    ][],
    guards: objects(output.guards).map((guard) => ({
      code: text(guard.code),
      container: text(guard.container),
      message: text(guard.message),
      forcible: guard.forcible === true,
    })),
    forceReason: text(output.forceReason),
    phases: Object.entries(object(output.phases)).flatMap(([step, ms]) =>
      typeof ms === "number" ? [[step, ms] as [string, number]] : [],
    ),
    composeFiles: objects(output.composeFiles)
      .filter(({ changed }) => changed === true)
      .map(composeEdit),
    warnings: warningsOf(output),
    data: output.data ? dataLeft(object(output.data)) : null,
    leftOvers: objects(output.leftovers).map((one) => ({
      container: text(one.container),
      name: text(one.name),
      state: text(one.state),
      commands: strings(one.commands),
    })),
    logs: strings(output.logs),
    plan: output.plan ? planOf(object(output.plan)) : null,
  };
}

function planOf(plan: Raw): Plan {
  return {
    steps: strings(plan.steps),
    containers: objects(plan.containers).map((raw) => {
      const difference = object(raw.difference);
      const size = object(difference.sizeBytes);
      return {
        ...member(raw),
        running: raw.running !== false,
        changes: objects(difference.changes).map((change) => ({
          field: text(change.field),
          name: text(change.name),
          from: shown(change.from),
          to: shown(change.to),
        })),
        size: [number(size.from), number(size.to)],
        stays: Object.entries(object(raw.stays)).flatMap(([name, values]) => {
          const list = typeof values === "string" ? [values] : strings(values);
          return list.length > 0 ? [[name, list] as [string, string[]]] : [];
        }),
        gates: objects(raw.gates).map(gateName),
        create: raw.create ? JSON.stringify(raw.create, null, 2) : "",
      };
    }),
    unchanged: strings(plan.unchanged),
    keepImageSeconds: number(plan.keepImageSeconds),
    ownContainer: text(plan.ownContainer),
    composeFiles: objects(plan.composeFiles).map(composeEdit),
    warnings: warningsOf(plan),
  };
}

function composeEdit(raw: Raw): ComposeEdit {
  return {
    file: text(raw.file),
    line: number(raw.line) ?? 0,
    key: text(raw.variable) || "image",
    from: text(raw.from),
    to: text(raw.to),
  };
}

/** Results of agents tell them as one text, too. */
function warningsOf({ warnings, warning }: Raw): string[] {
  const list = strings(warnings);
  return list.length === 0 && text(warning) !== "" ? [text(warning)] : list;
}

function dataLeft({ state, saved }: Raw): DataLeft {
  return {
    touched: state !== "untouched",
    saved: Object.entries(object(saved)).map(([container, raw]) => {
      const { backup, command } = object(raw);
      return { container, backup: text(backup), command: text(command) };
    }),
  };
}

function member(raw: Raw): Member {
  return {
    name: text(raw.name),
    role: text(raw.role) || "target",
    fromImage: text(raw.fromImage),
    toImage: text(raw.toImage),
    because: objects(raw.because).map(({ to, by }) => [text(by), text(to)].filter(Boolean).join(" of ")),
  };
}

function gateName({ gate, kind, port, path, command }: Raw): string {
  if (kind === "http") return `HTTP :${text(port)}${text(path)}`;
  if (kind === "tcp") return `TCP :${text(port)}`;
  if (kind === "exec") return strings(command).join(" ");
  return text(gate) || "gate";
}

/** A value as people read it; null: there is none. */
function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (value === true) return "yes";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(" ");
  return JSON.stringify(value);
}

function object(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function objects(value: unknown): Raw[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

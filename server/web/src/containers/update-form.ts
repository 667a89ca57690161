/** What a person fills in to update anything; numbers as text, empty = the usual. */
export type UpdateOptions = {
  stable: string;
  healthTimeout: string;
  keepDays: string;
  backup: BackupForm;
  forceReason: string;
};

/** The same for one container. */
export type UpdateForm = UpdateOptions & { image: string; gates: GateForm[] };

/** The same for a compose project: its services, each with the image that it gets where `on`. */
export type ProjectForm = UpdateOptions & { services: ServiceForm[] };
export type ServiceForm = { name: string; on: boolean; image: string };

export type GateForm = {
  id: number;
  kind: "http" | "tcp" | "exec";
  port: string;
  path: string;
  status: string;
  contains: string;
  tls: boolean;
  command: string;
  timeout: string;
};

/** `labels`: as the container's labels say, else the configuration alone. */
export type BackupForm = {
  on: boolean;
  volumes: boolean;
  dump: boolean;
  binds: string;
  consistency: "" | "pause" | "stop" | "live";
  keepDays: string;
};

export const noBackup: BackupForm = { on: false, volumes: true, dump: false, binds: "", consistency: "", keepDays: "" };

const noOptions: UpdateOptions = { stable: "", healthTimeout: "", keepDays: "", backup: noBackup, forceReason: "" };

export function newForm(image: string): UpdateForm {
  return { image, gates: [], ...noOptions };
}

/** All services with the images that they have: so each gets the newest of its tag. */
export function newProjectForm(services: readonly Omit<ServiceForm, "on">[]): ProjectForm {
  return { services: services.map((service) => ({ ...service, on: true })), ...noOptions };
}

let nextGate = 1;
export function newGate(): GateForm {
  return {
    id: nextGate++,
    kind: "http",
    port: "",
    path: "/",
    status: "",
    contains: "",
    tls: false,
    command: "",
    timeout: "",
  };
}

/** The arguments of container.update. */
export function updateArgs(container: string, form: UpdateForm, dryRun: boolean): Record<string, unknown> {
  const { image, gates } = form;
  return {
    container,
    image: image.trim(),
    ...(gates.length === 0 ? {} : { gates: gates.map(gateArgs) }),
    ...optionArgs(form, dryRun),
  };
}

/** The arguments of project.update: the chosen services alone. */
export function projectArgs(project: string, form: ProjectForm, dryRun: boolean): Record<string, unknown> {
  const chosen = form.services.filter(({ on }) => on).map(({ name, image }) => [name, image.trim()]);
  return { project, images: Object.fromEntries(chosen), ...optionArgs(form, dryRun) };
}

function optionArgs(form: UpdateOptions, dryRun: boolean): Record<string, unknown> {
  const { stable, healthTimeout, keepDays, backup, forceReason } = form;
  return {
    ...number("stableSeconds", stable),
    ...number("healthTimeoutSeconds", healthTimeout),
    ...(keepDays === "" ? {} : { keepImageSeconds: Math.round(Number(keepDays) * 86_400) }),
    ...(backup.on ? { backup: backupArgs(backup) } : {}),
    ...(forceReason.trim() === "" ? {} : { forceReason: forceReason.trim() }),
    ...(dryRun ? { dryRun: true } : {}),
  };
}

/** The options of container.backup and of an update's backup. */
export function backupArgs({ volumes, dump, binds, consistency, keepDays }: BackupForm): Record<string, unknown> {
  const paths = binds
    .split(/[,\n]/)
    .map((path) => path.trim())
    .filter(Boolean);
  return {
    volumes,
    dump,
    ...(paths.length === 0 ? {} : { binds: paths }),
    ...(consistency === "" ? {} : { consistency }),
    ...number("keepDays", keepDays),
  };
}

function gateArgs({ kind, port, path, status, contains, tls, command, timeout }: GateForm): Record<string, unknown> {
  const rest = number("timeoutSeconds", timeout);
  if (kind === "tcp") return { tcp: { port: Number(port) }, ...rest };
  if (kind === "exec") return { exec: { command: words(command) }, ...rest };
  const http = {
    port: Number(port),
    path: path.trim() || "/",
    ...(status.trim() === "" ? {} : { status: status.trim() }),
    ...(contains === "" ? {} : { contains }),
    ...(tls ? { tls: true } : {}),
  };
  return { http, ...rest };
}

/** `a "b c" d` -> a, b c, d. No shell reads it. */
export function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((found) => found[1] ?? found[2] ?? found[3] ?? "");
}

function number(name: string, text: string): Record<string, number> {
  return text.trim() === "" ? {} : { [name]: Number(text) };
}

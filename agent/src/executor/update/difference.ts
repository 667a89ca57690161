import type { EngineConfig, EngineImage } from "../../runtimes/docker/engine-types.ts";

/** What a container gets to see differently because its image differs. `from`/`to` absent = not there. */
export type Change = { field: string; name?: string; from?: unknown; to?: unknown };

export type ImageDifference = {
  changes: Change[];
  sizeBytes: { from: number | null; to: number | null };
  createdAt: { from: string | null; to: string | null };
};

type Described = EngineImage & { Size?: number; Created?: string };

const single = ["User", "WorkingDir", "StopSignal", "Cmd", "Entrypoint", "Healthcheck", "Shell", "OnBuild"] as const;
const fieldNames: Record<(typeof single)[number], string> = {
  User: "user",
  WorkingDir: "workingDir",
  StopSignal: "stopSignal",
  Cmd: "cmd",
  Entrypoint: "entrypoint",
  Healthcheck: "healthcheck",
  Shell: "shell",
  OnBuild: "onBuild",
};
/** Variables whose values people keep to themselves, in images too. */
const secret = /pass(word|wd|phrase)?|secret|token|api_?key|private_?key|credential/i;
const mostChanges = 500;

/** The differences between the defaults of two images; values of secret variables are not shown. */
export function imageDifference(from: Described, to: Described): ImageDifference {
  const old = from.Config ?? {};
  const next = to.Config ?? {};
  const changes: Change[] = [];
  const platform = [platformOf(from), platformOf(to)] as const;
  if (platform[0] !== platform[1]) changes.push({ field: "platform", from: platform[0], to: platform[1] });
  for (const field of single) push(changes, fieldNames[field], undefined, plain(old[field]), plain(next[field]));
  changes.push(...mapChanges("env", envOf(old), envOf(next)));
  changes.push(
    ...mapChanges("label", new Map(Object.entries(old.Labels ?? {})), new Map(Object.entries(next.Labels ?? {}))),
  );
  changes.push(...mapChanges("exposedPort", setOf(old.ExposedPorts), setOf(next.ExposedPorts)));
  changes.push(...mapChanges("volume", setOf(old.Volumes), setOf(next.Volumes)));
  return {
    changes: changes.slice(0, mostChanges),
    sizeBytes: { from: from.Size ?? null, to: to.Size ?? null },
    createdAt: { from: from.Created ?? null, to: to.Created ?? null },
  };
}

function mapChanges(field: string, from: ReadonlyMap<string, unknown>, to: ReadonlyMap<string, unknown>): Change[] {
  const changes: Change[] = [];
  for (const name of [...new Set([...from.keys(), ...to.keys()])].sort()) {
    push(changes, field, name, from.get(name), to.get(name));
  }
  return changes;
}

function push(changes: Change[], field: string, name: string | undefined, from: unknown, to: unknown): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  changes.push({
    field,
    ...(name === undefined ? {} : { name }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
}

// "", null, [] and absent all say "nothing".
function plain(value: unknown): unknown {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return undefined;
  return value;
}

function envOf(config: EngineConfig): Map<string, string> {
  return new Map(
    (config.Env ?? []).map((entry) => {
      const at = entry.indexOf("=");
      const name = at < 0 ? entry : entry.slice(0, at);
      const value = at < 0 ? "" : entry.slice(at + 1);
      return [name, secret.test(name) ? "(not shown)" : value.slice(0, 1000)];
    }),
  );
}

function setOf(set: Record<string, object> | null | undefined): Map<string, true> {
  return new Map(Object.keys(set ?? {}).map((name) => [name, true]));
}

function platformOf(image: EngineImage): string {
  return [image.Os, image.Architecture, image.Variant].filter(Boolean).join("/");
}

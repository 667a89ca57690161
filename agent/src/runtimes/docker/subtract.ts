import type { EngineConfig, Healthcheck } from "./engine-types.ts";

/**
 * The user's own settings: a container's effective ones without what came from its image, the inverse of the daemon's
 * merge, so that a new image's defaults take effect. A setting that equals the old default counts as inherited.
 */
export function subtract(effective: EngineConfig, image: EngineConfig): EngineConfig {
  const user: EngineConfig = { ...effective };
  for (const field of ["User", "WorkingDir", "StopSignal"] as const) {
    if ((effective[field] ?? "") === (image[field] ?? "")) delete user[field];
  }
  const inherited = new Set(image.Env ?? []);
  user.Env = (effective.Env ?? []).filter((entry) => !inherited.has(entry));
  user.Labels = Object.fromEntries(
    Object.entries(effective.Labels ?? {}).filter(([key, value]) => image.Labels?.[key] !== value),
  );
  user.ExposedPorts = without(effective.ExposedPorts, image.ExposedPorts);
  user.Volumes = without(effective.Volumes, image.Volumes);
  subtractCommand(user, effective, image);
  const healthcheck = subtractHealthcheck(effective.Healthcheck, image.Healthcheck);
  if (healthcheck) user.Healthcheck = healthcheck;
  else delete user.Healthcheck;
  return user;
}

// Cmd belongs to its entrypoint: the image's Cmd is inherited only together with the image's entrypoint, or when the
// user emptied the entrypoint with [] (null after a merge means [""], which keeps the image's Cmd out).
function subtractCommand(user: EngineConfig, effective: EngineConfig, image: EngineConfig): void {
  if (same(effective.Entrypoint, image.Entrypoint)) {
    delete user.Entrypoint;
    if (same(effective.Cmd, image.Cmd)) delete user.Cmd;
  } else if (effective.Entrypoint == null) {
    user.Entrypoint = [""];
  } else if (effective.Entrypoint.length === 0 && same(effective.Cmd, image.Cmd)) {
    delete user.Cmd;
  }
}

function subtractHealthcheck(
  effective: Healthcheck | null | undefined,
  image: Healthcheck | null | undefined,
): Healthcheck | undefined {
  if (!effective) return undefined;
  if (!image) return effective;
  const user: Healthcheck = { ...effective };
  if (same(effective.Test, image.Test)) delete user.Test;
  for (const field of ["Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"] as const) {
    if ((effective[field] ?? 0) === (image[field] ?? 0)) delete user[field];
  }
  return Object.keys(user).length > 0 ? user : undefined;
}

function without(set: Record<string, object> | null | undefined, less: Record<string, object> | null | undefined) {
  return Object.fromEntries(Object.entries(set ?? {}).filter(([key]) => !less || !Object.hasOwn(less, key)));
}

// null and absent are the same, an empty list is not: it is how a user clears an entrypoint.
function same(a: readonly string[] | null | undefined, b: readonly string[] | null | undefined): boolean {
  if (a == null || b == null) return a == null && b == null;
  return a.length === b.length && a.every((entry, i) => entry === b[i]);
}

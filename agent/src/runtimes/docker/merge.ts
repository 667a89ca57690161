import type { EngineConfig, Healthcheck } from "./engine-types.ts";

/**
 * What the daemon makes of a user's settings and an image's defaults at creation, as moby's daemon/commit.go does. Kept
 * as the reference that `subtract` is proved against.
 */
export function merge(user: EngineConfig, image: EngineConfig): EngineConfig {
  const made: EngineConfig = { ...user };
  if (!user.User) made.User = image.User ?? "";
  if (!user.WorkingDir) made.WorkingDir = image.WorkingDir ?? "";
  if (!user.StopSignal) made.StopSignal = image.StopSignal ?? "";
  made.ExposedPorts = { ...image.ExposedPorts, ...user.ExposedPorts };
  made.Volumes = { ...user.Volumes, ...image.Volumes };
  made.Labels = { ...image.Labels, ...user.Labels };
  const keys = new Set((user.Env ?? []).map(envKey));
  made.Env = [...(user.Env ?? []), ...(image.Env ?? []).filter((entry) => !keys.has(envKey(entry)))];
  if (!user.Entrypoint?.length) {
    if (!user.Cmd?.length) made.Cmd = image.Cmd ?? null;
    if (user.Entrypoint == null) made.Entrypoint = image.Entrypoint ?? null;
  }
  if (made.Entrypoint?.length === 1 && made.Entrypoint[0] === "") made.Entrypoint = null;
  if (image.Healthcheck) made.Healthcheck = mergeHealthcheck(user.Healthcheck, image.Healthcheck);
  return made;
}

function mergeHealthcheck(user: Healthcheck | null | undefined, image: Healthcheck): Healthcheck {
  if (!user) return image;
  const made: Healthcheck = { ...user };
  if (!user.Test?.length && image.Test) made.Test = image.Test;
  for (const field of ["Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"] as const) {
    if (!user[field] && image[field]) made[field] = image[field];
  }
  return made;
}

function envKey(entry: string): string {
  return entry.split("=", 1)[0] ?? "";
}

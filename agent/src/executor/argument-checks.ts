import { parseImageReference } from "@fairlead/shared/image-reference";

// Each answers why an argument can't be accepted (name, value, remedy), or undefined.

const maxSeconds = 86_400;

/** The engine's own rule for names; ids fit it too. A runtime's name may stand before it, with a slash. */
export function containerError(name: string, argument = "container"): string | undefined {
  if (name === "") return `${argument}: is empty: give a container's name or id`;
  if (name.slice(name.indexOf("/") + 1).length > 255) {
    return `${argument}: is longer than 255 characters: give a container's name or id`;
  }
  // https://github.com/moby/moby/blob/master/daemon/names/names.go
  if (/^([a-z0-9][a-z0-9-]{0,62}\/)?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) return undefined;
  return `${argument}: ${short(name)} is no container name: letters, digits, and after the first also _ . -`;
}

export function runtimeError(name: string): string | undefined {
  if (name === "" || /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) return undefined;
  return `runtime: ${short(name)} is no name of a runtime: give one like "docker" or "podman", or none`;
}

export function imageError(image: string, argument = "image"): string | undefined {
  const parsed = parseImageReference(image);
  return parsed.ok ? undefined : `${argument}: ${short(image)} ${parsed.error}: give a reference like nginx:1.27`;
}

export function secondsError(name: string, seconds: number, most = maxSeconds): string | undefined {
  const fits = Number.isInteger(seconds) && seconds >= 0 && seconds <= most;
  return fits ? undefined : `${name}: ${seconds} is out of range: give 0 (default) to ${most}`;
}

/** Ids of backups name folders. */
export function backupError(id: string): string | undefined {
  if (/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(id)) return undefined;
  return `backup: ${short(id)} is no id of a backup: give one as the list shows it`;
}

export function keyError(name: string, key: string): string | undefined {
  if (key === "") return `${name}: is empty: give the key of one as the list shows it`;
  return key.length > 512 ? `${name}: is longer than 512 characters: give a key as the list shows it` : undefined;
}

/** A value as it is shown in an error: quoted and cut. */
export function short(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

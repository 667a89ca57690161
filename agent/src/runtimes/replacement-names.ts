// While a container is replaced two exist: the old one moves aside, the new one begins under a temporary name.
const suffix = /-fairlead-(?:old|new|swap)-[0-9a-z]{1,16}$/;

/** Name of the old one while the new one proves itself. */
export function rollbackName(name: string, token: string): string {
  return `${name}-fairlead-old-${token}`;
}

/** Name of the new one before it takes the name of the old. */
export function temporaryName(name: string, token: string): string {
  return `${name}-fairlead-new-${token}`;
}

/** Name of the container that replaces the agent's own. */
export function swapName(name: string, token: string): string {
  return `${name}-fairlead-swap-${token}`;
}

/** True for a name that only lives during a replacement. */
export function isReplacementName(name: string): boolean {
  return suffix.test(name);
}

/** The name that people know the container by. */
export function baseName(name: string): string {
  return name.replace(suffix, "");
}

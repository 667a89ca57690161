import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { createHost, type Host, type HostParts } from "../src/host/host.ts";

/** A host whose files are these, by absolute path; a value that begins with "-> " is a symbolic link. Gone after the test. */
export function rootedHost(
  files: Record<string, string>,
  parts?: HostParts,
): Host & { write(path: string, text: string): void } {
  const root = mkdtempSync(join(tmpdir(), "fairlead-root-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), full);
    else writeFileSync(full, text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return Object.assign(createHost(root, parts), { write });
}

/** Values by metric name, missing ones left out. */
export function named(
  slots: Readonly<Record<string, number>>,
  values: ArrayLike<number> | undefined,
): Record<string, number> {
  const entries = Object.entries(slots).map(([name, at]) => [name, values?.[at] ?? Number.NaN] as const);
  return Object.fromEntries(entries.filter(([, value]) => !Number.isNaN(value)));
}

/** A signal that never aborts. */
export const noAbort = new AbortController().signal;

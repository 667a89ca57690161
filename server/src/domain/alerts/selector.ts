import { matchesGlob } from "./glob.ts";
import type { Selector } from "./rule.ts";

type Labels = Readonly<Record<string, string>>;

/** What a selector looks at. `key` and `labels` are the resource's; of a server itself its name and labels. */
export type Subject = {
  key: string;
  labels: Labels;
  server: { id: string; labels: Labels; group: string };
};

/** True when every given part of the selector fits. A label that is not there fits no pattern. */
export function selects(selector: Selector, subject: Subject): boolean {
  const { labels, exceptLabels, serverLabels, groups, servers, keys, exceptKeys } = selector;
  const { key, server } = subject;
  return (
    (servers === undefined || servers.length === 0 || servers.includes(server.id)) &&
    anyFits(groups, server.group) &&
    anyFits(keys, key) &&
    !(exceptKeys ?? []).some((glob) => matchesGlob(glob, key)) &&
    allFit(labels, subject.labels) &&
    !Object.entries(exceptLabels ?? {}).some(([name, glob]) => labelFits(subject.labels, name, glob)) &&
    allFit(serverLabels, server.labels)
  );
}

function anyFits(globs: readonly string[] | undefined, text: string): boolean {
  return globs === undefined || globs.length === 0 || globs.some((glob) => matchesGlob(glob, text));
}

function allFit(globs: Labels | undefined, labels: Labels): boolean {
  return Object.entries(globs ?? {}).every(([name, glob]) => labelFits(labels, name, glob));
}

function labelFits(labels: Labels, name: string, glob: string): boolean {
  const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return value !== undefined && matchesGlob(glob, value);
}

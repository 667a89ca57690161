import { expect, test } from "vitest";
import type { ListedBackup, Manifest } from "./manifest.ts";
import { overdue } from "./retention.ts";

const day = 86_400_000;

function backup(id: string, container: string, created: number, days: number, problem = ""): ListedBackup {
  const manifest = { runtime: "docker", container, created, expires: created + days * day } as Manifest;
  return { id, manifest, state: "complete", problem, bytes: 1, verifiedAt: 0 };
}

const cases: [what: string, backups: ListedBackup[], at: number, gone: string[]][] = [
  ["none yet", [backup("a", "web", 0, 7)], 6 * day, []],
  ["the last one of a container stays for twice its time", [backup("a", "web", 0, 7)], 8 * day, []],
  ["and goes then", [backup("a", "web", 0, 7)], 15 * day, ["a"]],
  ["one that has a newer one goes", [backup("b", "web", day, 7), backup("a", "web", 0, 7)], 8 * day, ["a"]],
  [
    "a newer one that is damaged does not count",
    [backup("b", "web", day, 30, "its checksum is another one"), backup("a", "web", 0, 7)],
    8 * day,
    [],
  ],
  ["each container by itself", [backup("b", "db", day, 7), backup("a", "web", 0, 7)], 9 * day, []],
  ["what can't be read stays for people", [{ ...backup("a", "web", 0, 1), manifest: undefined }], 99 * day, []],
];

test.each(cases)("%s", (_, backups, at, gone) => {
  expect(overdue(backups, at).map(({ id }) => id)).toEqual(gone);
});

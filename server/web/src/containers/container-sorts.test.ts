import { expect, test } from "vitest";
import { sortContainers } from "./container-sorts.ts";

const row = (name: string, more: object = {}) => ({
  name,
  serverName: "box",
  state: "running",
  health: null,
  image: "app:1",
  restartCount: 0,
  exitCode: null,
  latest: null,
  goneAt: null,
  ...more,
});
const measured = (cpu_cores: number) => ({ latest: { at: "", values: { cpu_cores } } });
const rows = [
  row("web-10", measured(0.2)),
  row("gone", { goneAt: "2026-11-01T00:00:00Z" }),
  row("web-2", measured(1.5)),
  row("failed", { state: "exited", exitCode: 1 }),
  row("done", { state: "exited", exitCode: 0 }),
  row("sick", { health: "unhealthy" }),
];

test.each([
  ["-state", ["sick", "failed", "done", "web-2", "web-10", "gone"]],
  ["name", ["done", "failed", "gone", "sick", "web-2", "web-10"]],
  ["-name", ["web-10", "web-2", "sick", "gone", "failed", "done"]],
  ["-cpu", ["web-2", "web-10", "done", "failed", "gone", "sick"]],
  ["cpu", ["web-10", "web-2", "done", "failed", "gone", "sick"]],
  ["nonsense", ["gone", "done", "web-2", "web-10", "failed", "sick"]],
])("by %s", (sort, names) => {
  expect(sortContainers(rows, sort).map(({ name }) => name)).toEqual(names);
});

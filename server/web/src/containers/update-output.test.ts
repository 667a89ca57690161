import { expect, test } from "vitest";
import { readUpdateOutput } from "./update-output.ts";

test("an update that was done", () => {
  const output = readUpdateOutput({
    fromImage: "app:1",
    toImage: "app:2",
    fromDigest: "sha256:a",
    toDigest: "sha256:b",
    downtimeMs: 310,
    containers: [
      { name: "web", role: "target", fromImage: "app:1", toImage: "app:2" },
      { name: "side", role: "recreate", fromImage: "x", toImage: "x", because: [{ to: "web", by: "network" }] },
    ],
    gates: [{ gate: "http :80/", passed: true, attempts: 2, ms: 90, said: "200 OK", container: "web" }],
    backups: { web: "b-1" },
    guards: [{ code: "label_never", container: "web", message: "web is labelled", forcible: true }],
    forceReason: "agreed",
    phases: { create: 100, stop: 210 },
  });
  expect(output).toMatchObject({
    dryRun: false,
    downtimeMs: 310,
    gates: [{ container: "web", name: "http :80/", passed: true, detail: "200 OK" }],
    backups: [["web", "b-1"]],
    phases: [
      ["create", 100],
      ["stop", 210],
    ],
    plan: null,
  });
  expect(output?.members[1]).toMatchObject({ role: "recreate", because: ["network of web"] });
});

test("a plan: changes as people read them, what stays, gates", () => {
  const { plan } = readUpdateOutput({
    dryRun: true,
    plan: {
      steps: ["create", "rename", "commit"],
      unchanged: ["db"],
      keepImageSeconds: 604800,
      containers: [
        {
          name: "web",
          role: "target",
          gates: [
            { kind: "http", port: 80, path: "/up", timeoutSeconds: 60 },
            { kind: "exec", command: ["check", "it"], timeoutSeconds: 60 },
          ],
          create: { Image: "app:2" },
          difference: {
            changes: [
              { field: "env", name: "A", from: "1", to: "2" },
              { field: "cmd", from: ["a", "b"] },
              { field: "volume", name: "/data", to: true },
              { field: "healthcheck", to: { Test: ["CMD", "x"] } },
            ],
            sizeBytes: { from: 10, to: null },
          },
          stays: { volumes: ["v:/data"], binds: [], networks: ["front"], restartPolicy: "always" },
        },
      ],
    },
  }) as { plan: NonNullable<ReturnType<typeof readUpdateOutput>>["plan"] };
  expect(plan?.containers[0]).toMatchObject({
    gates: ["HTTP :80/up", "check it"],
    size: [10, null],
    changes: [
      { field: "env", name: "A", from: "1", to: "2" },
      { field: "cmd", name: "", from: "a b", to: null },
      { field: "volume", name: "/data", from: null, to: "yes" },
      { field: "healthcheck", name: "", from: null, to: '{"Test":["CMD","x"]}' },
    ],
    stays: [
      ["volumes", ["v:/data"]],
      ["networks", ["front"]],
      ["restartPolicy", ["always"]],
    ],
  });
});

test.each([[null], [{}], [{ id: "x" }]])("%j is of no update", (output) => {
  expect(readUpdateOutput(output)).toBeUndefined();
});

test.each([
  [{ plan: 5 }],
  [{ plan: { steps: "x", containers: [null, 7, { difference: [], stays: 3, gates: "y" }] } }],
  [{ toImage: 3, containers: {}, gates: [null], guards: ["x"], backups: [], phases: null }],
])("%j is read as far as it goes", (output) => {
  expect(() => readUpdateOutput(output as never)).not.toThrow();
});

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

const edit = {
  containers: ["web"],
  service: "web",
  file: "/srv/shop/compose.yaml",
  line: 4,
  from: "app:1",
  to: "app:2",
};

test("compose files and what people have to do, of a plan and of a result", () => {
  const { plan } = readUpdateOutput({ plan: { composeFiles: [edit], warnings: ["write it there"] } }) ?? {};
  expect(plan).toMatchObject({
    composeFiles: [{ file: "/srv/shop/compose.yaml", line: 4, key: "image", from: "app:1", to: "app:2" }],
    warnings: ["write it there"],
  });
  const done = readUpdateOutput({
    toImage: "app:2",
    composeFiles: [
      { ...edit, changed: true, file: "/srv/shop/.env", variable: "TAG" },
      { ...edit, changed: false, reason: "it is read-only" },
    ],
    warning: "one; two",
  });
  expect(done?.composeFiles).toEqual([{ file: "/srv/shop/.env", line: 4, key: "TAG", from: "app:1", to: "app:2" }]);
  expect(done?.warnings).toEqual(["one; two"]);
  expect(readUpdateOutput({ toImage: "a", warnings: ["one", "two"], warning: "one; two" })?.warnings).toEqual([
    "one",
    "two",
  ]);
});

test("what an update that was undone leaves", () => {
  const command = "fairlead-agent containers restore b-1 --overwrite-volumes";
  const output = readUpdateOutput({
    toImage: "app:2",
    data: { state: "kept", text: "", saved: { web: { backup: "b-1", command }, db: { backup: "b-2", command: null } } },
    leftovers: [{ container: "web", name: "web-old", state: "exited", commands: ["docker start web"] }],
    logs: ["no such table"],
  });
  expect(output?.data).toEqual({
    touched: true,
    saved: [
      { container: "web", backup: "b-1", command },
      { container: "db", backup: "b-2", command: "" },
    ],
  });
  expect(output?.leftOvers).toEqual([
    { container: "web", name: "web-old", state: "exited", commands: ["docker start web"] },
  ]);
  expect(output?.logs).toEqual(["no such table"]);
  expect(readUpdateOutput({ toImage: "app:2", data: { state: "untouched", saved: {} } })?.data?.touched).toBe(false);
});

test.each([[null], [{}], [{ id: "x" }]])("%j is of no update", (output) => {
  expect(readUpdateOutput(output)).toBeUndefined();
});

test.each([
  [{ plan: 5 }],
  [{ plan: { steps: "x", containers: [null, 7, { difference: [], stays: 3, gates: "y" }] } }],
  [{ toImage: 3, composeFiles: [null, { changed: true }], data: { saved: [3] }, leftovers: 4, logs: {} }],
  [{ toImage: 3, containers: {}, gates: [null], guards: ["x"], backups: [], phases: null }],
])("%j is read as far as it goes", (output) => {
  expect(() => readUpdateOutput(output as never)).not.toThrow();
});

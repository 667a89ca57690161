import { describe, expect, test } from "vitest";
import {
  newForm,
  newGate,
  newProjectForm,
  noBackup,
  projectArgs,
  type UpdateForm,
  updateArgs,
  words,
} from "./update-form.ts";

const form = (more: Partial<UpdateForm>): UpdateForm => ({ ...newForm(" app:2 "), ...more });

describe("arguments of an update", () => {
  test.each<[string, UpdateForm, boolean, Record<string, unknown>]>([
    ["as little as possible", form({}), false, { container: "web", image: "app:2" }],
    [
      "times and reason",
      form({ stable: "5", healthTimeout: "90", keepDays: "0.5", forceReason: " known " }),
      true,
      {
        container: "web",
        image: "app:2",
        stableSeconds: 5,
        healthTimeoutSeconds: 90,
        keepImageSeconds: 43_200,
        forceReason: "known",
        dryRun: true,
      },
    ],
    [
      "gates of each kind",
      form({
        gates: [
          { ...newGate(), port: "8080", path: "/healthz", status: "2xx", contains: "ok", tls: true, timeout: "30" },
          { ...newGate(), kind: "tcp", port: "5432" },
          { ...newGate(), kind: "exec", command: "check --name 'a b'" },
        ],
      }),
      false,
      {
        container: "web",
        image: "app:2",
        gates: [
          { http: { port: 8080, path: "/healthz", status: "2xx", contains: "ok", tls: true }, timeoutSeconds: 30 },
          { tcp: { port: 5432 } },
          { exec: { command: ["check", "--name", "a b"] } },
        ],
      },
    ],
    [
      "a backup",
      form({
        backup: { ...noBackup, on: true, dump: true, binds: "/data, /etc/app", consistency: "stop", keepDays: "3" },
      }),
      false,
      {
        container: "web",
        image: "app:2",
        backup: { volumes: true, dump: true, binds: ["/data", "/etc/app"], consistency: "stop", keepDays: 3 },
      },
    ],
  ])("%s", (_, given, dryRun, args) => {
    expect(updateArgs("web", given, dryRun)).toEqual(args);
  });
});

test.each([
  ["", []],
  ["pg_isready -U app", ["pg_isready", "-U", "app"]],
  [`sh -c "a 'b' c" 'd "e"'`, ["sh", "-c", "a 'b' c", 'd "e"']],
])("words of %j", (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test("arguments of a project's update: the chosen services, each with its image", () => {
  const form = newProjectForm([
    { name: "web", image: "shop/web:1" },
    { name: "db", image: "postgres:16" },
  ]);
  expect(projectArgs("shop", form, true)).toEqual({
    project: "shop",
    images: { web: "shop/web:1", db: "postgres:16" },
    dryRun: true,
  });
  const services = form.services.map((one) =>
    one.name === "db" ? { ...one, on: false } : { ...one, image: " web:2 " },
  );
  expect(projectArgs("shop", { ...form, services, stable: "5", forceReason: " agreed " }, false)).toEqual({
    project: "shop",
    images: { web: "web:2" },
    stableSeconds: 5,
    forceReason: "agreed",
  });
});

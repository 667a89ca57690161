import fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineConfig } from "./engine-types.ts";
import { merge } from "./merge.ts";
import { subtract } from "./subtract.ts";

test.for<[what: string, effective: EngineConfig, image: EngineConfig, user: EngineConfig]>([
  ["env by whole entry", { Env: ["A=1", "B=2", "P=/bin"] }, { Env: ["B=2", "A=0", "P=/bin"] }, { Env: ["A=1"] }],
  [
    "labels by key and value",
    { Labels: { a: "1", b: "2", c: "3" } },
    { Labels: { a: "1", b: "x" } },
    { Labels: { b: "2", c: "3" } },
  ],
  [
    "ports and volumes as sets",
    { ExposedPorts: { "80/tcp": {}, "81/tcp": {} }, Volumes: { "/a": {} } },
    { ExposedPorts: { "80/tcp": {} }, Volumes: { "/a": {} } },
    { ExposedPorts: { "81/tcp": {} }, Volumes: {} },
  ],
  [
    "user, folder and signal",
    { User: "u", WorkingDir: "/w", StopSignal: "INT" },
    { User: "u", WorkingDir: "/v", StopSignal: "INT" },
    { WorkingDir: "/w" },
  ],
  ["command inherited", { Entrypoint: ["e"], Cmd: ["c"] }, { Entrypoint: ["e"], Cmd: ["c"] }, {}],
  ["own command", { Entrypoint: ["e"], Cmd: ["x"] }, { Entrypoint: ["e"], Cmd: ["c"] }, { Cmd: ["x"] }],
  [
    "own entrypoint keeps its command",
    { Entrypoint: ["x"], Cmd: ["c"] },
    { Entrypoint: ["e"], Cmd: ["c"] },
    { Entrypoint: ["x"], Cmd: ["c"] },
  ],
  [
    "entrypoint taken away",
    { Entrypoint: null, Cmd: ["c"] },
    { Entrypoint: ["e"], Cmd: ["c"] },
    { Entrypoint: [""], Cmd: ["c"] },
  ],
  [
    "health check inherited",
    { Healthcheck: { Test: ["CMD", "a"], Interval: 1 } },
    { Healthcheck: { Test: ["CMD", "a"], Interval: 1 } },
    {},
  ],
  [
    "health check partly own",
    { Healthcheck: { Test: ["CMD", "a"], Interval: 2, StartInterval: 5 } },
    { Healthcheck: { Test: ["CMD", "a"], Interval: 1, StartInterval: 5 } },
    { Healthcheck: { Interval: 2 } },
  ],
  [
    "health check switched off",
    { Healthcheck: { Test: ["NONE"] } },
    { Healthcheck: { Test: ["CMD", "a"] } },
    { Healthcheck: { Test: ["NONE"] } },
  ],
  ["what no image sets is kept", { Tty: true, Domainname: "d" }, {}, { Tty: true, Domainname: "d" }],
])("%s", ([, effective, image, user]) => {
  const empty = { Env: [], Labels: {}, ExposedPorts: {}, Volumes: {} };
  expect(subtract(effective, image)).toEqual({ ...empty, ...user });
});

// User values begin with u, those of images with i: a user's value that equals the old default can't be told apart.
const texts = (mark: string) => fc.constantFrom("a", "b", "c").map((text) => mark + text);
const words = (mark: string) => fc.array(texts(mark), { minLength: 1, maxLength: 3 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const settings = (mark: string, numbers: fc.Arbitrary<number>) =>
  fc.record(
    {
      User: texts(mark),
      WorkingDir: texts(mark),
      StopSignal: texts(mark),
      Env: fc.dictionary(fc.constantFrom("A", "B", "C"), texts(mark), { noNullPrototype: true }).map(envOf),
      Labels: fc.dictionary(fc.constantFrom("l", "m", "n"), texts(mark), { noNullPrototype: true }),
      ExposedPorts: fc.dictionary(texts(mark), fc.constant({}), { noNullPrototype: true }),
      Volumes: fc.dictionary(texts(mark), fc.constant({}), { noNullPrototype: true }),
      Entrypoint: words(mark),
      Cmd: words(mark),
      Healthcheck: fc.record({ Test: words(mark), Interval: numbers, Retries: numbers }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
const user = fc
  .tuple(settings("u", fc.integer({ min: 100, max: 103 })), maybe(fc.constantFrom<string[]>([""], [])))
  .map(([made, cleared]): EngineConfig => (cleared ? { ...made, Entrypoint: cleared } : made));
const image = settings("i", fc.integer({ min: 1, max: 3 })).map((made): EngineConfig => made);

test("merging what was subtracted with a new image gives what the user would have got", () => {
  fc.assert(
    fc.property(user, image, image, (own, old, next) => {
      // Emptied where there was nothing: the same as not set.
      fc.pre(!(own.Entrypoint && own.Entrypoint.join("") === "" && !old.Entrypoint));
      fc.pre(startable(own, old) && startable(own, next));
      expect(normal(merge(subtract(merge(own, old), old), next))).toEqual(normal(merge(own, next)));
    }),
    { numRuns: 2_000 },
  );
});

function envOf(set: Record<string, string>): string[] {
  return Object.entries(set).map(([key, value]) => `${key}=${value}`);
}

// The daemon refuses a container without a command.
function startable(own: EngineConfig, base: EngineConfig): boolean {
  const made = merge(own, base);
  return Boolean(made.Entrypoint?.length || made.Cmd?.length);
}

function normal(config: EngineConfig): EngineConfig {
  const { Healthcheck: check, ...rest } = config;
  const made: EngineConfig = { ...rest, Entrypoint: rest.Entrypoint ?? null, Cmd: rest.Cmd ?? null };
  const fields = Object.entries(check ?? {}).filter(([, value]) => value);
  return fields.length > 0 ? { ...made, Healthcheck: Object.fromEntries(fields) } : made;
}

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineConfig } from "../src/runtimes/docker/engine-types.ts";
import { merge } from "../src/runtimes/docker/merge.ts";
import { subtract } from "../src/runtimes/docker/subtract.ts";
import { type Dockerd, noDockerd, noEngine, startDockerd } from "./dockerd.ts";

const versions = [undefined, "26", "28"] as const;
const second = 1_000_000_000;
const paths = fc.constantFrom("/a", "/b", "/c");
const ports = fc.constantFrom("80/tcp", "81/tcp", "53/udp");
const words = fc.array(fc.constantFrom("/bin/busybox", "sleep", "1000", "x y", "ü"), { minLength: 1, maxLength: 3 });
const times = fc.integer({ min: 1, max: 5 }).map((n) => n * second);
const set = <T extends string>(keys: fc.Arbitrary<T>) =>
  fc.dictionary(keys, fc.constant({}), { noNullPrototype: true });
const texts = (keys: string[]) =>
  fc.dictionary(fc.constantFrom(...keys), fc.constantFrom("", "1", "a=b", "x\ny", "ü"), { noNullPrototype: true });
const settings = (optional: { entrypoints: string[][] }) =>
  fc.record(
    {
      User: fc.constantFrom("root", "1000", "1:2"),
      WorkingDir: paths,
      StopSignal: fc.constantFrom("SIGINT", "9"),
      Env: texts(["A", "B", "C"]).map((map) => Object.entries(map).map(([name, value]) => `${name}=${value}`)),
      Labels: texts(["l", "m", "n"]),
      ExposedPorts: set(ports),
      Volumes: set(paths),
      Entrypoint: fc.oneof(words, ...optional.entrypoints.map((one) => fc.constant(one))),
      Cmd: words,
      Healthcheck: fc.oneof(
        fc.constant({ Test: ["NONE"] }),
        fc.record(
          {
            Test: words.map((w) => ["CMD", ...w]),
            Interval: times,
            Timeout: times,
            Retries: fc.integer({ min: 1, max: 5 }),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  );

describe.for(versions)("engine %s", (version) => {
  const missing = version === undefined ? noDockerd : noEngine(version);
  describe.skipIf(missing !== undefined)(`our merge is the engine's${missing ? `: ${missing}` : ""}`, () => {
    let engine: Dockerd;
    let base = "";

    beforeAll(async () => {
      engine = await startDockerd(version);
      await engine.image("base:1", []);
      base = (await engine.docker.createContainer({ Image: "base:1", Cmd: ["x"] })).id;
    }, 60_000);
    afterAll(() => engine?.close());

    test("for settings of users and images that nobody would think of", async () => {
      const images = fc.sample(settings({ entrypoints: [] }), { numRuns: 12, seed: 7 });
      const users = fc.sample(settings({ entrypoints: [[""], []] }), { numRuns: 60, seed: 8 });
      let compared = 0;
      for (const [at, given] of images.entries()) {
        const repo = { container: base, repo: "random", tag: `${at}` };
        await engine.docker.getContainer(base).commit({ ...repo, ...given } as object);
        const { Config } = await engine.docker.getImage(`random:${at}`).inspect();
        const image = Config as EngineConfig;
        for (const user of users.slice(at * 5, at * 5 + 5)) {
          const asked = { ...user, Image: `random:${at}` };
          const made = await engine.docker.createContainer(asked as object).catch((error: Error) => error);
          // Without a command, or with volumes over files: refused, which tells nothing of a merge.
          if (made instanceof Error) continue;
          const real = (await made.inspect()).Config as EngineConfig;
          await made.remove({ v: true });
          const what = JSON.stringify({ user, image: given });
          expect(shown(merge(user as EngineConfig, image)), what).toEqual(shown(real));
          // What is taken away comes back with the same image, in the engine's own words.
          expect(shown(merge(subtract(real, image), image)), what).toEqual(shown(real));
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(30);
    }, 60_000);
  });
});

/** The fields that a merge is about, where "nothing" is told in one way. */
function shown(config: EngineConfig): Record<string, unknown> {
  const { User, WorkingDir, StopSignal, Env, Labels, ExposedPorts, Volumes, Entrypoint, Cmd, Healthcheck } = config;
  const check = Object.fromEntries(
    Object.entries(Healthcheck ?? {}).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );
  return {
    user: User ?? "",
    folder: WorkingDir ?? "",
    signal: StopSignal ?? "",
    env: [...(Env ?? [])].sort(),
    labels: sorted(Labels),
    ports: Object.keys(ExposedPorts ?? {}).sort(),
    volumes: Object.keys(Volumes ?? {}).sort(),
    entrypoint: Entrypoint ?? [],
    cmd: Cmd ?? [],
    check,
  };
}

function sorted(map: Record<string, string> | null | undefined): [string, string][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

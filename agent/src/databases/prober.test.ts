import { expect, test } from "vitest";
import { type Probe, ProbeError, type ProbeResult, rate, type Target } from "./probe.ts";
import { createProber } from "./prober.ts";

const target: Target = {
  key: "redis:x",
  engine: "redis",
  host: "127.0.0.1",
  port: 1,
  password: "s3cret",
  timeoutMs: 100,
};
const never = new AbortController().signal;

function result(count: number): ProbeResult {
  return { status: "up", values: {}, attributes: {}, labels: {}, counters: { at: performance.now(), count } };
}

function prober(probe: Probe["probe"], more: Partial<Probe> = {}) {
  const own: Probe = { engines: ["redis"], anonymous: true, grants: () => ["GRANT x"], probe, ...more };
  return createProber({ redis: async () => own });
}

test("counters last from probe to probe, also over a failure, and end with other credentials or while it is down", async () => {
  const seen: (number | undefined)[] = [];
  const forgotten: string[] = [];
  let count = 0;
  const one = prober(
    async (_, previous) => {
      seen.push(previous?.count);
      count++;
      if (count === 4) throw new Error("strange");
      if (count === 6) throw Object.assign(new Error(), { code: "ECONNREFUSED" });
      return result(count);
    },
    { forget: (key) => void forgotten.push(key) },
  );
  for (let i = 0; i < 2; i++) await one.probe(target, never);
  for (let i = 0; i < 5; i++) await one.probe({ ...target, password: "other" }, never);
  expect(seen).toEqual([undefined, 1, undefined, 3, 3, 5, undefined]);
  expect(forgotten).toEqual(["redis:x"]);
  await one.keep([]);
  expect(forgotten).toEqual(["redis:x", "redis:x"]);
});

test("a probe that hangs is given up, and not begun again while it does", async () => {
  let begun = 0;
  const one = prober(() => {
    begun++;
    return new Promise(() => undefined);
  });
  expect(await one.probe(target, never)).toMatchObject({ status: "timed_out", values: { up: 0 } });
  expect(await one.probe(target, never)).toMatchObject({
    status: "timed_out",
    reason: expect.stringMatching(/^the probe of \d+ s ago has not ended$/),
  });
  expect(begun).toBe(1);
});

test("the password is in no reason, whatever the driver says", async () => {
  const leak = prober(async () => {
    throw new Error("can't sign in with s3cret\nat line 3");
  });
  expect((await leak.probe(target, never)).reason).toBe("can't sign in with *** at line 3");
  const told = prober(async () => ({ ...result(1), reason: "password s3cret is weak" }));
  expect((await told.probe(target, never)).reason).toBe("password *** is weak");
});

test("an engine that says nothing without credentials is not asked", async () => {
  const one = prober(async () => result(1), { anonymous: false });
  const { password: _, ...bare } = target;
  expect(await one.probe(bare, never)).toMatchObject({
    status: "needs_credentials",
    asked: false,
    grants: ["GRANT x"],
  });
  expect(await one.probe({ ...bare, user: "monitor" }, never)).toMatchObject({ status: "up", asked: true });
});

test("a refusal comes with statements to paste; an engine of later agents is named", async () => {
  const one = prober(async () => {
    throw new ProbeError("needs_credentials", "refused");
  });
  expect(await one.probe(target, never)).toMatchObject({
    status: "needs_credentials",
    grants: ["GRANT x"],
    values: {},
  });
  expect(await createProber({}).probe(target, never)).toMatchObject({
    status: "error",
    reason: expect.stringContaining("update the agent"),
  });
});

test.each([
  [{ at: 2_000, x: 30 }, { at: 1_000, x: 10 }, 20],
  [{ at: 2_000, x: 5 }, { at: 1_000, x: 10 }, Number.NaN],
  [{ at: 2_000, x: 5 }, undefined, Number.NaN],
  [{ at: 1_000, x: 5 }, { at: 1_000, x: 1 }, Number.NaN],
])("rate of %j after %j is %d", (now, before, expected) => expect(rate(now, before, "x")).toBe(expected));

test.each<[error: unknown, status: string]>([
  [Object.assign(new Error("x"), { code: "ECONNREFUSED" }), "down"],
  [new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })]), "down"],
  [Object.assign(new Error("x"), { code: "ENOTFOUND" }), "down"],
  [new Error("wrapped", { cause: Object.assign(new Error("x"), { code: "ETIMEDOUT" }) }), "timed_out"],
  [Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "error"],
  ["just text", "error"],
  [undefined, "error"],
])("%s is %s", async (error, status) => {
  const one = prober(async () => {
    throw error;
  });
  expect((await one.probe(target, never)).status).toBe(status);
});

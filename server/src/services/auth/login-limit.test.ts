import { expect, test } from "vitest";
import { type Bounds, createLoginLimit } from "./login-limit.ts";

const minutes = 60_000;
const bounds: Bounds = {
  account: { free: 3, longest: 4_000 },
  pair: { free: 3, longest: 15 * minutes },
  network: { free: 1, longest: 15 * minutes },
};

function waitsOf(key: string, tries: number): number[] {
  const limit = createLoginLimit(bounds);
  const waits: number[] = [];
  for (let i = 0; i < tries; i++) {
    limit.fail([key], 0);
    try {
      limit.check([key], 0);
      waits.push(0);
    } catch (error) {
      waits.push((error as { retryAfterSeconds: number }).retryAfterSeconds);
    }
  }
  return waits;
}

test("waits double after the free tries, up to the bound of the kind", () => {
  expect(waitsOf("pair:a 1", 14)).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  expect(waitsOf("account:a", 8)).toEqual([0, 0, 1, 2, 4, 4, 4, 4]);
});

test("a key's wait is its own and passes", () => {
  const limit = createLoginLimit(bounds);
  for (let i = 0; i < 3; i++) limit.fail(["pair:a 1"], 0);
  limit.check(["pair:a 2", "network:2"], 0);
  expect(() => limit.check(["pair:a 1", "network:2"], 0)).toThrow("try again in 1 s");
  limit.check(["pair:a 1"], 1000);
});

test("a right password forgets the account, an hour forgets all", () => {
  const limit = createLoginLimit({ ...bounds, pair: { free: 1, longest: minutes } });
  limit.fail(["pair:a 1", "network:1"], 0);
  limit.succeed(["pair:a 1"]);
  limit.check(["pair:a 1"], 0);
  expect(() => limit.check(["network:1"], 0)).toThrow("try again in 1 s");
  limit.fail(["network:1"], 121 * minutes);
  expect(() => limit.check(["network:1"], 121 * minutes)).toThrow("try again in 1 s");
});

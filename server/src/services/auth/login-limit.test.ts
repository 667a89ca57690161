import { expect, test } from "vitest";
import { createLoginLimit } from "./login-limit.ts";

test("waits double after the free tries, for the account from any address", () => {
  const limit = createLoginLimit({ account: 3, ip: 100 });
  const now = 1_000_000;
  for (let i = 0; i < 2; i++) limit.fail(["account:a", `ip:${i}`], now);
  limit.check(["account:a", "ip:9"], now);
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    limit.fail(["account:a"], now);
    try {
      limit.check(["account:a"], now);
    } catch (error) {
      waits.push((error as { retryAfterSeconds: number }).retryAfterSeconds);
    }
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  limit.check(["account:b", "ip:1"], now);
  limit.check(["account:a"], now + 900_000);
});

test("a right password forgets the account, an hour forgets all", () => {
  const limit = createLoginLimit({ account: 1, ip: 1 });
  limit.fail(["account:a", "ip:1"], 0);
  limit.succeed(["account:a"]);
  limit.check(["account:a"], 0);
  expect(() => limit.check(["ip:1"], 0)).toThrow("try again in 1 s");
  limit.fail(["ip:1"], 2 * 3_600_000);
  expect(() => limit.check(["ip:1"], 2 * 3_600_000)).toThrow("try again in 1 s");
});

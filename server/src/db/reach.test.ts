import { expect, test } from "vitest";
import { testDatabase } from "../../tests/database.ts";
import { reachDatabase } from "./reach.ts";

test("says in one line why a database can't be used, without the password", async () => {
  const database = await testDatabase();
  try {
    const with_ = (change: (url: URL) => void) => {
      const url = new URL(database.url.replace("@/", "@localhost/"));
      change(url);
      return url.href.replace("@localhost/", "@/");
    };
    await reachDatabase(database.url, "DATABASE_URL");
    const cases: [string, number | undefined, RegExp][] = [
      ["postgres://u:hunter2@127.0.0.1:1/x", undefined, /no database answers at 127\.0\.0\.1:1 .*start it, or correct/],
      ["postgres://u:hunter2@[::1/x", undefined, /is no URL like postgres:/],
      [
        with_((url) => {
          url.pathname = "/nowhere";
        }),
        undefined,
        /has no database nowhere: create it/,
      ],
      [
        with_((url) => {
          url.username = "stranger";
          url.password = "hunter2";
        }),
        undefined,
        /refuses the user stranger or the password/,
      ],
      [database.url, 99, /PostgreSQL \d+.* is too old: Fairlead needs 99 or newer/],
    ];
    for (const [url, oldest, line] of cases) {
      const error = await reachDatabase(url, "DATABASE_URL", oldest).catch((e: Error) => e);
      expect(error?.message).toMatch(/^DATABASE_URL: /);
      expect(error?.message).toMatch(line);
      expect(error?.message).not.toContain("hunter2");
    }
  } finally {
    await database.close();
  }
});

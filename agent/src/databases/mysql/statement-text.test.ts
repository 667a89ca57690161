import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutLiterals, withoutValues } from "./statement-text.ts";

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

test.each([
  ["SELECT * FROM t WHERE a = 'secret' AND b = 12.5e3", "SELECT * FROM t WHERE a = ? AND b = ?"],
  ["select 'it''s', \"a \\\" b\", 'x\\'y', x'ff', 0xFF, N'é'", "select ?, ?, ?, ?, ?, ?"],
  ["SELECT t1.c2, `3 'col` FROM db3.t4", "SELECT t1.c2, `3 'col` FROM db3.t4"],
  ["SELECT 1 /* card 4111 */ -- pw\nFROM t # more\n", "SELECT ? FROM t"],
  ["CREATE USER u IDENTIFIED BY 'pass", "CREATE USER u IDENTIFIED BY ?"],
  ["SELECT 'cut\\", "SELECT ?"],
  ["SELECT /* not closed 'x", "SELECT"],
  ["INSERT INTO t VALUES (-1,'a'),(2,NULL)", "INSERT INTO t VALUES (-?,?),(?,NULL)"],
  ["  spaces \t\n and\u0000control  ", "spaces and control"],
  ["", ""],
])("%s", (statement, expected) => {
  expect(withoutLiterals(statement)).toBe(expected);
});

test("no string literal survives, wherever the text was cut", () => {
  const part = fc.constantFrom("SELECT ", "'SECRET'", "'it''s SECRET'", '"SECRET\\""', " , ", "/* SECRET */", "t.c ");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), fc.nat(1_000), (parts, cut) => {
      expect(withoutLiterals(parts.join("").slice(0, cut)).includes("SECRET")).toBe(false);
    }),
  );
});

test("any text gives a line of at most 500 characters", () => {
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 800 }), (statement) => {
      const line = withoutLiterals(statement);
      expect(line.length).toBeLessThanOrEqual(500);
      expect(/\p{Cc}/u.test(line)).toBe(false);
    }),
    { numRuns: 50 },
  );
  // Quadratic work here would take longer than a test may.
  for (const piece of ["'", "''", "\\'", "/*", "`", "a'b", "--"]) withoutLiterals(piece.repeat(1e6));
});

test.each([
  [
    "Error 'Duplicate entry 'a@b.c' for key 'PRIMARY'' on query. Default database: 'shop'. Query: 'INSERT INTO u VALUES (1, 's3cret')'",
    "Error 'Duplicate entry '?' for key 'PRIMARY'' on query.",
  ],
  [
    "error connecting to master 'repl@10.0.0.1:3306' - retry-time: 60  maximum-retries: 86400  message: Access denied",
    "error connecting to master 'repl@10.0.0.1:3306' - retry-time: 60  maximum-retries: 86400  message: Access denied",
  ],
])("%s", (error, expected) => {
  expect(withoutValues(error)).toBe(expected);
});

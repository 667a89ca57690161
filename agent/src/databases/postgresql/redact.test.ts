import fc from "fast-check";
import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const cases: [string, string, string][] = [
  ["a string", "SELECT * FROM t WHERE name = 'O''Brien' AND x = 1", "SELECT * FROM t WHERE name = ? AND x = ?"],
  [
    "a utility statement",
    "ALTER ROLE bob PASSWORD 'hunter2' VALID UNTIL '2027-01-01'",
    "ALTER ROLE bob PASSWORD ? VALID UNTIL ?",
  ],
  [
    "options",
    "CREATE USER MAPPING FOR u SERVER s OPTIONS (user 'bob', password 's3c')",
    "CREATE USER MAPPING FOR u SERVER s OPTIONS (user ?, password ?)",
  ],
  [
    "a connection string",
    "CREATE SUBSCRIPTION s CONNECTION 'host=h password=p' PUBLICATION p",
    "CREATE SUBSCRIPTION s CONNECTION ? PUBLICATION p",
  ],
  ["an escape string", "SELECT E'it\\'s secret', 2", "SELECT ?"],
  ["a backslash before the quote", "SELECT 'a\\' OR secret='b'", "SELECT ?"],
  ["prefixes", "SELECT B'01', x'ff', N'n', U&'d', u&'e', e'f' , index'g'", "SELECT ?, ?, ?, ?, ?, ? , index?"],
  ["a dollar quote", "DO $$ BEGIN PERFORM 'secret'; END $$", "DO ?"],
  ["a tagged dollar quote", "DO $a$ x $$ secret $b$ $a$ LANGUAGE plpgsql", "DO ? LANGUAGE plpgsql"],
  ["parameters", "SELECT $1, $2 FROM t1 LIMIT 10", "SELECT $1, $2 FROM t1 LIMIT ?"],
  ["comments", "SELECT 1 -- secret\n , /* a /* b */ secret */ 2 /* open secret", "SELECT ? , ?"],
  ["an identifier", `SELECT "it's", 'x' FROM "a""b'c"`, `SELECT "it's", ? FROM "a""b'c"`],
  ["a string cut off", "INSERT INTO t VALUES ('secret and mo", "INSERT INTO t VALUES (?"],
  ["a dollar quote cut off", "DO $x$ secret", "DO ?"],
  ["white space and controls", "SELECT\n\t\u0000 a\u001b[31m", "SELECT a [?"],
  ["hexadecimal and floats", "SELECT 0xFF, 1.5e-3, .5, 1_000", "SELECT ?, ?-?, .?, ?"],
  ["a letter outside ASCII", "SELECT größe, 'ß' FROM tabelle2", "SELECT größe, ? FROM tabelle2"],
  ["two strings in a row", "SELECT 'a' 'b', 'c'||'d'", "SELECT ? ?, ?||?"],
];

test.each(cases)("%s", (_, statement, shown) => {
  expect(redact(statement)).toBe(shown);
});

test("a long statement is cut at 500 characters", () => {
  expect(redact(`SELECT ${"a, ".repeat(1000)}`)).toHaveLength(500);
});

test("no literal ever shows, whatever stands around it", () => {
  const around = fc.string({ unit: fc.constantFrom("a", " ", "\\", "\n", "1", ",", "(", "é", "=") });
  fc.assert(
    fc.property(around, around, fc.constantFrom("'", "$$", "$q$"), (before, inside, quote) => {
      const shown = redact(`${before} ${quote}SECRET${inside.replaceAll(/[\\']/g, "")}${quote}`);
      expect(shown).not.toContain("SECRET");
    }),
  );
});

test("no text makes it throw or grow", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '"', "$", "/", "*", "-", "\\", "E", "a", "1", "\n", "U&") }),
      (text) => {
        expect(redact(text).length).toBeLessThanOrEqual(500);
      },
    ),
  );
});

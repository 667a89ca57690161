import pg from "pg";
import { expect, test } from "vitest";
import { parseTimestamp } from "./timestamp.ts";

const reference = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as unknown as (text: string) => unknown;

test.each([
  ["2026-11-23 05:54:26.123456+00"],
  ["2026-11-23 05:54:26+00"],
  ["2026-11-23 05:54:26.1+00"],
  ["2026-11-23 05:54:26.12+00"],
  ["2026-11-23 05:54:26.0009+00"],
  ["2026-11-23 05:54:26.999999+00"],
  ["1969-12-31 23:59:59.5+00"],
  ["2024-02-29 00:00:00+00"],
  ["2026-11-23 05:54:26.123456+02"],
  ["2026-11-23 05:54:26.123456+05:30"],
  ["2026-11-23 05:54:26.123456-03"],
  ["0099-01-01 00:00:00+00"],
  ["12026-11-23 05:54:26+00"],
  ["0044-03-15 12:00:00+00 BC"],
  ["infinity"],
  ["-infinity"],
])("%s as pg reads it", (text) => expect(parseTimestamp(text)).toEqual(reference(text)));

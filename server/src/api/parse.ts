import type { z } from "@hono/zod-openapi";
import { Failure } from "../failure.ts";
import { fieldErrors, sentence } from "../field-errors.ts";

/** Query parameters as zod wants them: a string, or an array where one came several times. */
export function queryObject(search: URLSearchParams): Record<string, string | string[]> {
  const raw: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of search) {
    const known = raw[name];
    raw[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  }
  return { ...raw };
}

/** Parses an outside value; throws a Failure that names each wrong field, its value and the remedy. */
export function parseInput<S extends z.ZodType>(schema: S, raw: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const fields = fieldErrors(parsed.error, raw, schema, what === "query");
  const first = fields[0];
  throw new Failure("invalid", `${what}: ${first === undefined ? "wrong" : sentence(first)}`, { fields });
}

/** Nothing that is asked for is nested deeper. */
const deepest = 32;

/** Refuses what no text of PostgreSQL can hold: NUL and halves of surrogate pairs; and what is nested without end. */
export function refuseUnstorable(raw: unknown, path: readonly string[] = []): void {
  if (path.length > deepest) throw unstorable([], `is nested more than ${deepest} deep: send something flatter`);
  if (typeof raw === "string") checkText(raw, path);
  if (typeof raw !== "object" || raw === null) return;
  for (const [name, value] of Object.entries(raw)) {
    checkText(name, path);
    refuseUnstorable(value, [...path, name]);
  }
}

function checkText(text: string, path: readonly string[]): void {
  if (text.includes("\0")) throw unstorable(path, "may hold no NUL character: take it out");
  if (!text.isWellFormed())
    throw unstorable(path, "holds half of a surrogate pair, which is no character: take it out");
}

function unstorable(path: readonly string[], message: string): Failure {
  const name = path.join(".");
  return new Failure("invalid", `${name === "" ? "The request" : name} ${message}`, {
    fields: [{ field: name, message }],
  });
}

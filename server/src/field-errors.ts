import type { z } from "zod";
import { Failure, type FieldError } from "./failure.ts";

const shownFields = new WeakMap<z.ZodType, ReadonlySet<string>>();

/** Errors about input of this schema show the values of these fields alone: a secret can stand under a misspelt name. */
export function hideValues(schema: z.ZodType, except: readonly string[]): void {
  shownFields.set(schema, new Set(except));
}

/** Nobody reads more of them. */
const mostErrors = 50;

/** A Failure that names each wrong field, its value and the remedy; `prefix` is where in the request `raw` stands. */
export function invalidInput(error: z.ZodError, raw: unknown, schema: z.ZodType, prefix: string): Failure {
  const fields = fieldErrors(error, raw, schema).map((each) => ({
    ...each,
    field: each.field === "" ? prefix : `${prefix}.${each.field}`,
  }));
  const first = fields[0];
  return new Failure("invalid", first === undefined ? `${prefix} is wrong` : sentence(first), { fields });
}

/** One line for people: field, message. */
export function sentence(error: FieldError): string {
  return error.field === "" ? error.message : `${error.field} ${error.message}`;
}

/** Zod's issues as field errors; values of secret fields are left out. */
export function fieldErrors(error: z.ZodError, raw: unknown, schema?: z.ZodType, isQuery = false): FieldError[] {
  const all = error.issues.flatMap((issue): FieldError[] => {
    const whole = issue.path.map(String);
    // A repeatable query parameter that came once.
    const path = whole.length === 2 && typeof valueAt(raw, whole.slice(0, 1)) === "string" ? whole.slice(0, 1) : whole;
    const value = valueAt(raw, path);
    if (issue.code === "unrecognized_keys") {
      const known = path.length === 0 ? knownKeys(schema) : [];
      const remedy = known.length === 0 ? "leave it out" : `known are ${known.join(", ")}`;
      return issue.keys.map((key) => field([...path, key], valueAt(value, [key]), `is not known: ${remedy}`));
    }
    return [field(path, value, message(issue, value, isQuery))];
  });
  const shown = schema === undefined ? undefined : shownFields.get(schema);
  return all.slice(0, mostErrors).map((each) => {
    if (shown === undefined || shown.has(each.field)) return each;
    return { field: each.field, message: each.message };
  });
}

function message(issue: z.core.$ZodIssue, value: unknown, isQuery: boolean): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_key") return `as a name ${issue.issues[0]?.message ?? "is wrong"}`;
  if (issue.code === "invalid_union") return unionMessage(issue, value === undefined);
  if (value === undefined) return `is missing${expectation(issue)}`;
  if (
    isQuery &&
    Array.isArray(value) &&
    issue.path.length > 0 &&
    issue.code === "invalid_type" &&
    issue.expected !== "array"
  )
    return "is given several times: give it once";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `must be ${article(issue.expected)}`;
  if (issue.code === "too_small") {
    const least = issue.inclusive === false ? `more than ${issue.minimum}` : `at least ${issue.minimum}`;
    return `must ${issue.origin === "string" ? `have ${least} characters` : issue.origin === "array" ? `hold ${least} items` : `be ${least}`}`;
  }
  if (issue.code === "too_big") {
    return `must ${issue.origin === "string" ? `have at most ${issue.maximum} characters` : issue.origin === "array" ? `hold at most ${issue.maximum} items` : `be at most ${issue.maximum}`}`;
  }
  if (issue.code === "invalid_format" && issue.format === "uuid") return "must be an id (UUID)";
  if (issue.code === "invalid_format" && issue.format === "email") return "must be an e-mail address";
  return issue.message;
}

/** A discriminated union whose word is none of the known ones. */
function unionMessage(issue: z.core.$ZodIssue, missing: boolean): string {
  const options = (issue as { options?: unknown }).options;
  if (!Array.isArray(options)) return missing ? "is missing" : "has none of the known shapes";
  return `${missing ? "is missing: give" : "must be"} one of ${options.map(String).join(", ")}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return `: give ${article(issue.expected)}`;
  if (issue.code === "invalid_value") return `: give one of ${issue.values.map(String).join(", ")}`;
  return "";
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "record") return "an object";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function field(path: string[], value: unknown, text: string): FieldError {
  const name = path.join(".");
  const secret = /password|token|secret|sealed|authorization|cookie|key$|url$/i.test(name);
  if (secret || value === undefined) return { field: name, message: text };
  return { field: name, value: short(value), message: text };
}

function short(value: unknown): unknown {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const text = typeof value === "string" ? value : Array.isArray(value) ? `${value.length} items` : "an object";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function valueAt(raw: unknown, path: readonly string[]): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function knownKeys(schema: z.ZodType | undefined): string[] {
  const shape = (schema as { shape?: Record<string, unknown> } | undefined)?.shape;
  return shape === undefined ? [] : Object.keys(shape);
}

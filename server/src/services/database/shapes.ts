import { z } from "zod";

/** How an untrusted value becomes a T: what does not fit is null (of a list: left out). Never throws. */
export type Shape<T> = { read(value: unknown): T | null; schema: z.ZodType<T | null> };

type ReadOf<S> = S extends Shape<infer T> ? T : never;

/** Text, cut at that many characters. */
export function text(most: number): Shape<string> {
  return {
    read: (value) => (typeof value === "string" && value !== "" ? cut(value, most) : null),
    schema: z.string().nullable(),
  };
}

/** A time as ISO 8601 text. */
export const instantText: Shape<string> = {
  read(value) {
    const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
    // Beyond these years a date is no ISO 8601 text any more.
    return at > 0 && at < 4e12 ? new Date(at).toISOString() : null;
  },
  schema: z.string().nullable(),
};

/** A finite number. */
export const number: Shape<number> = {
  read: (value) => (typeof value === "number" && Number.isFinite(value) ? value : null),
  schema: z.number().nullable(),
};

/** true or false. */
export const flag: Shape<boolean> = {
  read: (value) => (typeof value === "boolean" ? value : null),
  schema: z.boolean().nullable(),
};

/** Text, number or boolean. */
export const scalar: Shape<string | number | boolean> = {
  read: (value) => number.read(value) ?? flag.read(value) ?? text(1_000).read(value),
  schema: z.union([z.string(), z.number(), z.boolean()]).nullable(),
};

/** At most that many of them, in their order. */
export function list<T>(item: Shape<T>, most: number): Shape<T[]> {
  return {
    read(value) {
      if (!Array.isArray(value)) return null;
      const items: T[] = [];
      for (const each of value) {
        const read = item.read(each);
        if (read !== null && items.push(read) === most) break;
      }
      return items;
    },
    schema: z.array(item.schema as z.ZodType<T>).nullable(),
  };
}

/** An object with these fields, each null where it is missing or wrong. */
export function object<F extends Record<string, Shape<unknown>>>(
  fields: F,
): Shape<{ [K in keyof F]: ReadOf<F[K]> | null }> {
  const names = Object.keys(fields) as (keyof F & string)[];
  return {
    read(value) {
      if (!isRecord(value)) return null;
      const read = names.map((name) => [name, fields[name]?.read(own(value, name)) ?? null]);
      return Object.fromEntries(read) as { [K in keyof F]: ReadOf<F[K]> | null };
    },
    schema: z
      .strictObject(Object.fromEntries(names.map((name) => [name, (fields[name] as Shape<unknown>).schema])))
      .nullable() as unknown as z.ZodType<{ [K in keyof F]: ReadOf<F[K]> | null } | null>,
  };
}

/** An object of any names; those whose value does not fit are left out. */
export function record<T>(item: Shape<T>, most: number): Shape<Record<string, T>> {
  return {
    read(value) {
      if (!isRecord(value)) return null;
      const entries: [string, T][] = [];
      for (const [name, each] of Object.entries(value)) {
        const read = item.read(each);
        if (read !== null && entries.push([cut(name, 100), read]) === most) break;
      }
      return Object.fromEntries(entries);
    },
    schema: z.record(z.string(), item.schema as z.ZodType<T>).nullable(),
  };
}

/** Plain values by name; those of an object within stand there as "outer.inner". */
export function scalars(most: number): Shape<Record<string, string | number | boolean>> {
  const flat = record(scalar, most);
  return {
    read(value) {
      if (!isRecord(value)) return null;
      const entries = Object.entries(value).flatMap(([name, each]) =>
        isRecord(each) ? Object.entries(each).map(([inner, one]) => [`${name}.${inner}`, one]) : [[name, each]],
      );
      return flat.read(Object.fromEntries(entries));
    },
    schema: flat.schema,
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Never within a surrogate pair. */
function cut(value: string, most: number): string {
  if (value.length <= most) return value;
  return value.slice(0, most).toWellFormed().replace(/�$/, "");
}

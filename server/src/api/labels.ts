import { z } from "@hono/zod-openapi";
import { repeatable } from "./route.ts";

/** A label's name: what agents may send too. */
export const labelName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/,
    "must start with a letter and hold letters, digits, _ . - only, at most 63",
  );

/** Labels as people set them. */
export const labels = z
  .record(labelName, z.string().max(256))
  .refine((value) => Object.keys(value).length <= 64, "must hold at most 64 labels");

/** `label=name=value`, repeatable: all must fit. */
export const labelFilter = repeatable(z.string().regex(/^[^=]+=/, "must read name=value"), 20)
  .transform((pairs) =>
    pairs.length === 0
      ? undefined
      : Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)])),
  )
  .openapi({ type: "array", items: { type: "string" }, description: "name=value; repeatable, all must fit" });

import * as z from "zod/mini";

const entry = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  type: z.enum(["docker", "podman"]),
  socket: z.pipe(
    z.string().check(z.regex(/^(unix:\/\/)?\/[^\0]{1,107}$/)),
    z.transform((text) => text.replace(/^unix:\/\//, "")),
  ),
});

/** `runtimes` of the configuration, a part of its schema. */
export const runtimesSchema = z._default(
  z.array(entry).check(
    z.maxLength(20),
    z.refine((list) => new Set(list.map(({ name }) => name)).size === list.length),
  ),
  [],
);

/** What to do about a wrong value, by key. */
export const runtimeRemedies: Record<string, string> = {
  runtimes: "give a list of at most 20 of {name, type, socket}, each name once; without it they are found",
  "runtimes.*.name": 'give a name of small letters, digits and "-", like podman-ci',
  "runtimes.*.type": "give docker or podman",
  "runtimes.*.socket": "give the absolute path of the engine's socket",
};

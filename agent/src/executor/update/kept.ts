import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { makePrivateFolder, writeFileAtomic } from "../../state-file.ts";

/** What a later roll-back of an update needs; times in Unix ms. `container`: its name on that runtime. */
export type Kept = z.infer<typeof schema>;

const schema = z.object({
  update: z.string().check(z.regex(/^[0-9a-fA-F-]{36}$/)),
  runtime: z.string(),
  container: z.string(),
  at: z.number(),
  fromImage: z.string(),
  fromImageId: z.string(),
  fromDigest: z.nullable(z.string()),
  toImage: z.string(),
  toImageId: z.string(),
  toDigest: z.nullable(z.string()),
  keepUntil: z.number(),
  /** The tag that keeps the old image from being pruned; null where it could not be set. */
  tag: z.nullable(z.string()),
  /** The container that came of it, or of what replaced that later; absent in records of earlier releases. */
  newId: z.optional(z.string()),
  /** Its compose project and service, like "shop/web"; absent where it has none. */
  service: z.optional(z.string()),
});

/** The records of finished updates, one file each under `stateDir`/updates. */
export type KeptUpdates = {
  save(kept: Kept): void;
  /** Newest first; files that can't be read are left out. */
  list(): Kept[];
  /** A container was replaced by this agent: what is kept of the old one holds for the new one. */
  follow(runtime: string, oldId: string, newId: string): void;
  remove(kept: Kept): void;
};

export function keptUpdates(stateDir: string): KeptUpdates {
  const folder = join(stateDir, "updates");
  const fileOf = ({ update, container }: Kept) =>
    join(folder, `${update}-${Buffer.from(container).toString("hex").slice(0, 128)}.json`);
  const save = (kept: Kept) => {
    makePrivateFolder(folder);
    writeFileAtomic(fileOf(kept), JSON.stringify(kept));
  };
  const list = () =>
    names(folder)
      .flatMap((name) => read(join(folder, name)))
      .sort((a, b) => b.at - a.at);
  return {
    save,
    list,
    follow(runtime, oldId, newId) {
      for (const kept of list()) if (kept.runtime === runtime && kept.newId === oldId) save({ ...kept, newId });
    },
    remove(kept) {
      rmSync(fileOf(kept), { force: true });
    },
  };
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

function read(file: string): Kept[] {
  try {
    const parsed = z.safeParse(schema, JSON.parse(readFileSync(file, "utf8")));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

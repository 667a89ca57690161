import { linkSync, mkdirSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import type { Stored } from "../../../agent/src/report/entry.ts";
import { type Definitions, readDefinition, readEntry, recordType } from "../../../agent/src/spool/format.ts";
import { SegmentReader } from "../../../agent/src/spool/segment-reader.ts";

/**
 * Keeps a second name for every spool segment of an agent, so that what the agent ever put on its disk can be read
 * after it was acknowledged and removed: the truth that the database is compared with. A segment lives at least until
 * the next one is begun, so a look at each change of the folder, and every 100 ms, misses none.
 */
export class Witness {
  readonly #spool: string;
  readonly #kept: string;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: ReturnType<typeof watch>;

  constructor(stateDir: string) {
    this.#spool = join(stateDir, "spool");
    this.#kept = `${stateDir}-witness`;
    mkdirSync(this.#kept, { recursive: true });
    mkdirSync(this.#spool, { recursive: true, mode: 0o700 });
    this.#look();
    this.#watcher = watch(this.#spool, () => this.#look());
    this.#timer = setInterval(() => this.#look(), 100);
  }

  /** All records, in the order of their numbers. Throws on one that has not been kept whole or stands twice. */
  async records(): Promise<Stored[]> {
    this.#look();
    const found: Stored[] = [];
    for (const file of readdirSync(this.#kept).sort()) found.push(...(await readSegment(join(this.#kept, file))));
    found.sort((a, b) => a.seq - b.seq);
    const twice = found.find(({ seq }, i) => i > 0 && found[i - 1]?.seq === seq);
    if (twice !== undefined) throw new Error(`number ${twice.seq} was given twice`);
    return found;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher.close();
  }

  #look(): void {
    for (const name of readdirSync(this.#spool)) {
      if (!name.endsWith(".seg")) continue;
      try {
        linkSync(join(this.#spool, name), join(this.#kept, name));
      } catch (error) {
        // Kept already, or removed as one that never got its header.
        if (!["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      }
    }
  }
}

async function readSegment(path: string): Promise<Stored[]> {
  const reader = await SegmentReader.open(path);
  if (reader === undefined) return [];
  const found: Stored[] = [];
  const definitions: Definitions = new Map();
  try {
    for (;;) {
      const raw = await reader.next();
      // The last record of a killed agent may be half there; the agent never counted on it.
      if (raw === "end" || raw === "torn") return found;
      if (raw === "corrupt") throw new Error(`${path} is corrupt at ${reader.position}`);
      if (raw.type === recordType.definition) readDefinition(raw.message, definitions);
      else found.push({ seq: raw.seq, entry: readEntry(raw, definitions) });
    }
  } finally {
    await reader.close();
  }
}

import type { DataFound } from "./database-major-data.ts";
import type { Database } from "./database-major-image.ts";

/** What there is to be said before an image runs over a database's data: an obstacle, a warning, or nothing. */
export type Finding = { obstacle?: string; warning?: string };

/** What is known: of the data, of the container's image, of the new one, and what that is called. */
export type Known = {
  data: readonly DataFound[];
  from: Database | undefined;
  to: Database | undefined;
  image: string;
};

type Versioned = Extract<DataFound, { major: string }>;
/** `where`: "PG_VERSION in the volume pgdata", "PG_MAJOR of its image". */
type Holds = { engine: string; major: string; where: string };

/** Compares the version of the data, else of the image that has run on them, with that of the new image. */
export function majorFinding({ data, from, to, image }: Known): Finding {
  if (to?.engine === "Redis" || to?.engine === "Valkey") return formatFinding(data, to, from);
  const holds = heldBy(data, from, to);
  if (holds === undefined) return {};
  const { engine, major, where } = holds;
  if (to === undefined) {
    // Its files are read by newer ones; what an older one can't read it refuses itself.
    if (engine === "Redis" || engine === "Valkey") return {};
    return {
      warning: `the container holds data of ${engine} ${major} (${where}), and nothing tells which version ${image} is: it has to be able to read them`,
    };
  }
  const told = `${where}; ${to.by} of the new image`;
  if (engine !== to.engine) {
    return { obstacle: `the container holds ${engine} ${major}, the new image ${to.engine} ${to.major} (${told})` };
  }
  if (major === to.major) return {};
  return {
    obstacle: `${engine} ${to.major} can't be relied on to read the data of ${major} (${told}): dump with ${major} and load into ${to.major}, or upgrade the data first`,
  };
}

function heldBy(data: readonly DataFound[], from: Database | undefined, to: Database | undefined): Holds | undefined {
  const versioned = data.filter((one): one is Versioned => "major" in one);
  const image = from === undefined ? undefined : { ...from, where: `${from.by} of its image` };
  const wanted = (to ?? from)?.engine;
  const found =
    versioned.find(({ engine }) => engine === wanted) ??
    (from !== undefined && from.engine === wanted ? undefined : versioned[0]);
  if (found === undefined) return image;
  const files = { ...found, where: found.by };
  if (image === undefined || found.engine !== image.engine || found.engine === "PostgreSQL") return files;
  // MariaDB's files tell when mariadb-upgrade last ran, a server of a later version may have run on them since.
  if (found.engine === "MariaDB") return image;
  // MySQL writes its own since 8.0, but what already runs on them is not to be held up by a file that was left behind.
  return image.major === to?.major || Number.parseInt(found.major, 10) < 8 ? image : files;
}

// The newest format of RDB files that each reads; it says so itself and ends, but not before it took the other's place.
// https://github.com/redis/redis/blob/7.2/src/rdb.h; of those not in here nothing is said.
const reads: Record<"Redis" | "Valkey", readonly [major: string, format: number][]> = {
  Redis: [
    ["4.0", 8],
    ["5.0", 9],
    ["6.0", 9],
    ["6.2", 9],
    ["7.0", 10],
    ["7.2", 11],
    ["7.4", 12],
  ],
  Valkey: [
    ["7.2", 11],
    ["8.0", 11],
    ["8.1", 11],
  ],
};

/** Newer servers read the files of older ones; what is told is an older one that can't read what a newer one wrote. */
function formatFinding(data: readonly DataFound[], to: Database, from: Database | undefined): Finding {
  const file = data.find((one): one is Extract<DataFound, { format: number }> => "format" in one);
  if (file === undefined) {
    const other = heldBy(data, from, undefined);
    if (other === undefined || other.engine === "Redis" || other.engine === "Valkey") return {};
    return {
      obstacle: `the container holds ${other.engine} ${other.major} (${other.where}), the new image ${to.engine}`,
    };
  }
  const engine = to.engine as "Redis" | "Valkey";
  const most = reads[engine].find(([major]) => major === to.major)?.[1];
  if (most === undefined || file.format <= most) return {};
  return {
    obstacle: `${to.engine} ${to.major} reads RDB files up to format ${most}, the data are of format ${file.format} (${file.by}; ${to.by} of the new image): a newer version wrote them`,
  };
}

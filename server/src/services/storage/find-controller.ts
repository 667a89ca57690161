import type { Context } from "../../context.ts";
import { type StorageRow, storageRows } from "../../db/queries/storage.ts";
import { finite, objects, text } from "../../domain/storage/json.ts";
import type { Links, StandsOn, StorageNode } from "../../domain/storage/links.ts";
import { leavesOf, type MemberDrive, memberTree } from "../../domain/storage/pool.ts";
import { Failure } from "../../failure.ts";
import { namedValues } from "../resource/latest-values.ts";
import { memberFinder } from "./find-pool.ts";
import { type Controller, toController } from "./list-controllers.ts";
import { type Pool, toPool } from "./list-pools.ts";
import { loadLinks } from "./load-links.ts";
import { newestOf, reader } from "./newest.ts";
import { type StandsOnView, standsOnView } from "./stands-on.ts";

/** A controller with its volumes, the drives behind it, and what stands on them. */
export type ControllerDetail = Controller & {
  volumes: Pool[];
  drives: ControllerDrive[];
  standsOn: StandsOnView;
  attributes: Record<string, unknown>;
  latest: { at: Date; values: Record<string, number | null> } | null;
};

/** A drive in a slot of the controller. */
export type ControllerDrive = {
  slot: string;
  model: string | null;
  serial: string | null;
  state: string | null;
  /** `data` or `spare` of a volume; `free` is in none, `passed` is given to the host as it is. */
  use: string | null;
  sizeBytes: number | null;
  temperatureCelsius: number | null;
  errors: number | null;
  volume: { id: number; name: string } | null;
  /** The same drive as SMART knows it, where it does. */
  drive: MemberDrive | null;
};

/** One controller. Throws not_found. */
export async function findController(context: Context, id: number): Promise<ControllerDetail> {
  const [row] = await storageRows(context.db, "controller", [id], "all");
  if (row === undefined) throw new Failure("not_found", "There is no such controller");
  const links = (await loadLinks(context, [row.serverId])).get(row.serverId);
  const nodes = volumesOf(links, row.key);
  const ids = nodes.map((node) => node.id);
  const rows = await storageRows(context.db, "pool", ids, "all");
  const volumes = rows.flatMap((each) => leaves(each, links));
  const newest = await newestOf(context, [id, ...ids, ...volumes.flatMap(({ leaf }) => leaf.id ?? [])]);
  const loose = objects(row.attributes.drives, 200).map(looseDrive);
  const members = volumes.map(
    ({ pool, leaf, hint }): ControllerDrive => ({
      slot: leaf.driveHint?.slot ?? leaf.name,
      model: leaf.drive?.model ?? text(hint.model),
      serial: leaf.drive?.serial ?? leaf.driveHint?.serial ?? null,
      state: leaf.state,
      use: leaf.role,
      sizeBytes: leaf.sizeBytes,
      temperatureCelsius: leaf.id === null ? null : reader("pool_member", newest.get(leaf.id))("temperature_celsius"),
      errors: leaf.readErrors,
      volume: { id: pool.id, name: pool.labels.name ?? pool.key },
      drive: leaf.drive,
    }),
  );
  return {
    ...toController(row, newest.get(id)),
    volumes: rows.map((each) => toPool(each, newest.get(each.id))),
    drives: [...members, ...loose].sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true })),
    standsOn: await standsOnView(context, together(nodes.map((node) => links?.standsOn(node.id)))),
    attributes: row.attributes,
    latest: namedValues("controller", newest.get(id)),
  };
}

/** The key of a volume is that of its controller and its own number. */
function volumesOf(links: Links | undefined, key: string): StorageNode[] {
  return [...(links?.nodes.values() ?? [])].filter(
    (node) => node.kind === "pool" && node.key.startsWith(`hwraid:${key}/`),
  );
}

function leaves(pool: StorageRow, links: Links | undefined) {
  const hints = new Map(objects(pool.attributes.members).map((each) => [text(each.name), each.driveHint]));
  return leavesOf(memberTree(pool.attributes.members, memberFinder(links, pool.key))).map((leaf) => ({
    pool,
    leaf,
    hint: (hints.get(leaf.name) ?? {}) as { model?: unknown },
  }));
}

function looseDrive(told: Readonly<Record<string, unknown>>): ControllerDrive {
  return {
    slot: text(told.slot, 100) ?? "?",
    model: text(told.model),
    serial: text(told.serial, 200),
    state: text(told.state, 100),
    use: text(told.use, 20),
    sizeBytes: finite(told.sizeBytes),
    temperatureCelsius: finite(told.temperatureCelsius),
    errors: finite(told.mediaErrors),
    volume: null,
    drive: null,
  };
}

/** What stands on any of them, each once. */
function together(parts: readonly (StandsOn | undefined)[]): StandsOn {
  const all = (pick: (part: StandsOn) => readonly StorageNode[]) => [
    ...new Map(parts.flatMap((part) => (part === undefined ? [] : pick(part))).map((node) => [node.id, node])).values(),
  ];
  return {
    pools: all(({ pools }) => pools),
    filesystems: all(({ filesystems }) => filesystems),
    containers: all(({ containers }) => containers),
  };
}

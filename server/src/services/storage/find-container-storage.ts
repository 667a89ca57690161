import type { Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { loadLinks } from "./load-links.ts";
import { type DriveLink, driveLinks, filesystemLinks, poolLinks, type StandsOnView } from "./stands-on.ts";

/** What a container's mounts lie on, nearest first. */
export type ContainerStorage = {
  filesystems: StandsOnView["filesystems"];
  pools: StandsOnView["pools"];
  drives: DriveLink[];
};

/** The filesystems, pools and drives below a container. Throws not_found. */
export async function findContainerStorage(context: Context, id: number): Promise<ContainerStorage> {
  const row = await context.db
    .selectFrom("resource")
    .select("server_id")
    .where("id", "=", id)
    .where("kind", "=", "container")
    .executeTakeFirst();
  if (row === undefined) throw new Failure("not_found", "There is no such container");
  const links = (await loadLinks(context, [row.server_id])).get(row.server_id);
  return {
    filesystems: filesystemLinks(links?.filesystemsOf(id) ?? []),
    pools: await poolLinks(context, links?.poolsOf(id) ?? []),
    drives: driveLinks(links, id),
  };
}

import type { Context } from "../../context.ts";
import { type Controller, controllersByIds } from "./list-controllers.ts";
import { type Device, devicesByIds } from "./list-devices.ts";
import { type Filesystem, filesystemsByIds } from "./list-filesystems.ts";
import { type Pool, poolsByIds } from "./list-pools.ts";

export type ById = {
  drives: ReadonlyMap<number, Device>;
  pools: ReadonlyMap<number, Pool>;
  filesystems: ReadonlyMap<number, Filesystem>;
  controllers: ReadonlyMap<number, Controller>;
};

/** These drives, pools, filesystems and controllers; unknown ids are left out, double ones read once. */
export async function listByIds(context: Context, ids: Record<keyof ById, readonly number[]>): Promise<ById> {
  const drives = await devicesByIds(context, [...new Set(ids.drives)]);
  const pools = await poolsByIds(context, [...new Set(ids.pools)]);
  const filesystems = await filesystemsByIds(context, [...new Set(ids.filesystems)]);
  const controllers = await controllersByIds(context, [...new Set(ids.controllers)]);
  return {
    drives: new Map(drives.map((each) => [each.id, each])),
    pools: new Map(pools.map((each) => [each.id, each])),
    filesystems: new Map(filesystems.map((each) => [each.id, each])),
    controllers: new Map(controllers.map((each) => [each.id, each])),
  };
}

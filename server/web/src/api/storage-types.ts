import type { DeviceDetail } from "../../../src/services/storage/find-device.ts";
import type { PoolDetail } from "../../../src/services/storage/find-pool.ts";
import type { Device as ServerDevice } from "../../../src/services/storage/list-devices.ts";
import type {
  FilesystemDetail,
  Filesystem as ServerFilesystem,
} from "../../../src/services/storage/list-filesystems.ts";
import type { Pool as ServerPool } from "../../../src/services/storage/list-pools.ts";
import type { StorageSummary } from "../../../src/services/storage/summary.ts";

/** What the server's value becomes on its way through JSON: a time is text. */
type Json<T> = T extends Date
  ? string
  : T extends readonly (infer One)[]
    ? Json<One>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

export type Drive = Json<ServerDevice>;
export type DriveDetail = Json<DeviceDetail>;
export type Pool = Json<ServerPool>;
export type OnePool = Json<PoolDetail>;
export type Filesystem = Json<ServerFilesystem>;
export type OneFilesystem = Json<FilesystemDetail>;
export type Summary = Json<StorageSummary>;

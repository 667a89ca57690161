import type { ContainerStorage as StorageBelow } from "../../../src/services/storage/find-container-storage.ts";
import type * as controllers from "../../../src/services/storage/find-controller.ts";
import type { DeviceDetail } from "../../../src/services/storage/find-device.ts";
import type { PoolDetail } from "../../../src/services/storage/find-pool.ts";
import type { Controller as ListedController } from "../../../src/services/storage/list-controllers.ts";
import type { Device } from "../../../src/services/storage/list-devices.ts";
import type * as filesystems from "../../../src/services/storage/list-filesystems.ts";
import type * as pools from "../../../src/services/storage/list-pools.ts";
import type { StandsOnView } from "../../../src/services/storage/stands-on.ts";
import type { StorageSummary } from "../../../src/services/storage/summary.ts";

/** What the server's value becomes on its way through JSON: a time is text. */
type Json<T> = T extends Date
  ? string
  : T extends readonly (infer One)[]
    ? Json<One>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

export type Drive = Json<Device>;
export type DriveDetail = Json<DeviceDetail>;
export type DriveAttribute = DriveDetail["attributes"][number];
export type DriveReason = Drive["reasons"][number];
export type SelfTestEntry = DriveDetail["selfTest"]["entries"][number];
export type Pool = Json<pools.Pool>;
export type OnePool = Json<PoolDetail>;
export type PoolScan = NonNullable<Pool["scan"]>;
export type PoolMember = OnePool["members"][number];
export type Filesystem = Json<filesystems.Filesystem>;
export type FilesystemDetail = Json<filesystems.FilesystemDetail>;
export type FilesystemForecast = NonNullable<Filesystem["forecast"]>;
export type Controller = Json<ListedController>;
export type ControllerDetail = Json<controllers.ControllerDetail>;
export type ControllerDrive = ControllerDetail["drives"][number];
export type ContainerStorage = Json<StorageBelow>;
export type StandsOn = Json<StandsOnView>;
export type Summary = Json<StorageSummary>;
export type Problem = Summary["problems"][number];

import { catalogue } from "@fairlead/shared/catalogue";
import { z } from "@hono/zod-openapi";
import { findContainerStorage } from "../../services/storage/find-container-storage.ts";
import { findController } from "../../services/storage/find-controller.ts";
import { findDevice } from "../../services/storage/find-device.ts";
import { findPool } from "../../services/storage/find-pool.ts";
import { controllerSorts, listControllers } from "../../services/storage/list-controllers.ts";
import { deviceSorts, listDevices } from "../../services/storage/list-devices.ts";
import { filesystemSorts, findFilesystem, listFilesystems } from "../../services/storage/list-filesystems.ts";
import { listPools, poolSorts } from "../../services/storage/list-pools.ts";
import { storageSummary } from "../../services/storage/summary.ts";
import { containerStorageSchema, controllerDetailSchema, controllerSchema } from "../controller-schemas.ts";
import { flag, listOf, listQuery, numberParams, type Route, repeatable, route } from "../route.ts";
import {
  deviceDetailSchema,
  deviceSchema,
  filesystemDetailSchema,
  filesystemSchema,
  poolDetailSchema,
  poolSchema,
  summarySchema,
} from "../storage-schemas.ts";

const tag = "storage";
const path = "/api/v1/infrastructure/storage";
const q = (parts: string) =>
  z
    .string()
    .max(200)
    .optional()
    .openapi({ description: `Part of ${parts}` });
const gone = flag.default(false).openapi({ description: "true: those that are gone" });
const label = z.string().min(1).max(100).optional();

export const storage: readonly Route[] = [
  route({
    method: "get",
    path: `${path}/summary`,
    permission: "viewer",
    tag,
    summary: "The storage of all servers, or of one, at a glance",
    description: "Counts by verdict and state, space, age and wear, what is hot, fills first or is overdue, the worst.",
    query: z.strictObject({ server: z.uuid().optional() }),
    answer: summarySchema,
    handle: ({ context, query }) => storageSummary(context, query),
  }),
  route({
    method: "get",
    path: `${path}/devices`,
    permission: "viewer",
    tag,
    summary: "List drives of all servers",
    description: "The worst first unless sorted otherwise; a drive without the value it is sorted by comes last.",
    query: listQuery(deviceSorts, "-severity").extend({
      server: z.uuid().optional(),
      verdict: repeatable(z.enum(catalogue.drive.states)),
      protocol: z.enum(["ata", "nvme", "scsi", "unknown"]).optional(),
      media: z.enum(["hdd", "ssd", "nvme"]).optional(),
      gone,
      q: q("model, serial number, device or server name"),
    }),
    answer: listOf(deviceSchema),
    handle: ({ context, query: { verdict, ...query } }) => listDevices(context, { ...query, state: verdict }, query),
  }),
  route({
    method: "get",
    path: `${path}/devices/{id}`,
    permission: "viewer",
    tag,
    summary: "One drive",
    description: "With its attributes, logs, forecast, what stands on it, and what smartctl printed.",
    params: numberParams,
    answer: deviceDetailSchema,
    handle: ({ context, params }) => findDevice(context, params.id),
  }),
  route({
    method: "get",
    path: `${path}/pools`,
    permission: "viewer",
    tag,
    summary: "List pools, arrays and RAID volumes of all servers",
    description: "The worst first unless sorted otherwise.",
    query: listQuery(poolSorts, "-severity").extend({
      server: z.uuid().optional(),
      state: repeatable(z.enum(catalogue.pool.states)),
      type: z.enum(["zfs", "md", "lvm", "lvm-thin", "btrfs", "hwraid"]).optional(),
      gone,
      q: q("name, level or server name"),
    }),
    answer: listOf(poolSchema),
    handle: ({ context, query }) => listPools(context, query, query),
  }),
  route({
    method: "get",
    path: `${path}/pools/{id}`,
    permission: "viewer",
    tag,
    summary: "One pool with its tree of members and what stands on it",
    params: numberParams,
    answer: poolDetailSchema,
    handle: ({ context, params }) => findPool(context, params.id),
  }),
  route({
    method: "get",
    path: `${path}/filesystems`,
    permission: "viewer",
    tag,
    summary: "List mounted filesystems of all servers with the time at which each is full",
    description: "The fullest first unless sorted otherwise; `fullAt` sorts by the forecast.",
    query: listQuery(filesystemSorts, "-usedRatio").extend({
      server: z.uuid().optional(),
      state: repeatable(z.enum(catalogue.filesystem.states)),
      type: label.openapi({ description: "Like ext4, xfs, zfs, nfs4" }),
      network: flag.optional(),
      gone,
      q: q("mount point, device or server name"),
    }),
    answer: listOf(filesystemSchema),
    handle: ({ context, query }) => listFilesystems(context, query, query),
  }),
  route({
    method: "get",
    path: `${path}/filesystems/{id}`,
    permission: "viewer",
    tag,
    summary: "One filesystem with the drives below it and the containers that use it",
    params: numberParams,
    answer: filesystemDetailSchema,
    handle: ({ context, params }) => findFilesystem(context, params.id),
  }),
  route({
    method: "get",
    path: `${path}/controllers`,
    permission: "viewer",
    tag,
    summary: "List hardware RAID controllers of all servers",
    description: "The worst first unless sorted otherwise.",
    query: listQuery(controllerSorts, "-severity").extend({
      server: z.uuid().optional(),
      state: repeatable(z.enum(catalogue.controller.states)),
      gone,
      q: q("model, tool or server name"),
    }),
    answer: listOf(controllerSchema),
    handle: ({ context, query }) => listControllers(context, query, query),
  }),
  route({
    method: "get",
    path: `${path}/controllers/{id}`,
    permission: "viewer",
    tag,
    summary: "One RAID controller with its volumes, the drives behind it and what stands on them",
    params: numberParams,
    answer: controllerDetailSchema,
    handle: ({ context, params }) => findController(context, params.id),
  }),
  route({
    method: "get",
    path: `${path}/containers/{id}`,
    permission: "viewer",
    tag,
    summary: "What the data of a container lies on: filesystems, pools and drives",
    params: numberParams,
    answer: containerStorageSchema,
    handle: ({ context, params }) => findContainerStorage(context, params.id),
  }),
];

import { z } from "@hono/zod-openapi";
import { instant } from "./route.ts";
import { latestSchema } from "./routes/resources.ts";
import { driveLink, filesystemLink, place, poolLink, poolSchema, standsOnSchema } from "./storage-schemas.ts";

const number = z.number().nullable();
const text = z.string().nullable();

export const controllerSchema = z
  .strictObject({
    ...place,
    key: z.string(),
    model: text,
    serial: text,
    firmware: text,
    driver: text,
    tool: text,
    state: text,
    stateSince: instant.nullable(),
    status: text.openapi({ description: "The tool's own word" }),
    faults: z.array(z.string()),
    temperatureCelsius: number,
    battery: z
      .strictObject({
        kind: text,
        state: text,
        ok: z.boolean().nullable(),
        chargeRatio: number,
        temperatureCelsius: number,
      })
      .nullable()
      .openapi({ description: "What keeps the write cache over a loss of power; null: none is told of" }),
    memoryErrors: z.strictObject({ correctable: number, uncorrectable: number }),
    goneAt: instant.nullable(),
  })
  .openapi("StorageController");

const controllerDriveSchema = z
  .strictObject({
    slot: z.string(),
    model: text,
    serial: text,
    state: text,
    use: text.openapi({ description: "data or spare of a volume; free: in none; passed: given to the host as it is" }),
    sizeBytes: number,
    temperatureCelsius: number,
    errors: number.openapi({ description: "Media errors" }),
    volume: z.strictObject({ id: z.number(), name: z.string() }).nullable(),
    drive: z
      .strictObject({ id: z.number(), key: z.string(), device: text, model: text, serial: text, verdict: text })
      .nullable()
      .openapi({ description: "The same drive as SMART knows it" }),
  })
  .openapi("ControllerDrive");

export const controllerDetailSchema = controllerSchema
  .extend({
    volumes: z.array(poolSchema),
    drives: z.array(controllerDriveSchema),
    standsOn: standsOnSchema.openapi({ description: "What stands on its volumes" }),
    attributes: z.record(z.string(), z.unknown()),
    latest: latestSchema.nullable(),
  })
  .openapi("StorageControllerDetail");

export const containerStorageSchema = z
  .strictObject({
    filesystems: z.array(filesystemLink),
    pools: z.array(poolLink),
    drives: z.array(driveLink),
  })
  .openapi("ContainerStorage");

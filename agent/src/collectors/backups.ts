import { metricIndex } from "@fairlead/shared/catalogue";
import { type ListedBackup, listBackups } from "../backups/manifest.ts";
import { backupFolder } from "../backups/settings.ts";
import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";

export const backups: CollectorFactory = {
  name: "backups",
  help: "Backups of containers on this host, from their manifests",
  kinds: ["backup"],
  deadlineMs: 30_000,
  everySeconds: 300,
  create,
};

const mostShown = 2_000;
const mostFiles = 100;
const sizeAt = metricIndex("backup", "size_bytes");
const ageAt = metricIndex("backup", "age_seconds");

function create(host: Host): Collector {
  return {
    collect(now) {
      const folder = backupFolder(host);
      if (folder === undefined || host.readDir(folder) === undefined) throw new NotHere("no folder of backups");
      return listBackups(folder, now)
        .slice(0, mostShown)
        .map((one) => toReading(one, now));
    },
  };
}

function toReading({ id, manifest, state, problem, bytes, verifiedAt }: ListedBackup, now: number): Reading {
  const values: number[] = [];
  values[sizeAt] = bytes;
  values[ageAt] = manifest === undefined ? Number.NaN : Math.max(0, (now - manifest.created) / 1000);
  return {
    kind: "backup",
    key: id,
    state,
    ...(problem === "" ? {} : { reason: problem }),
    labels: manifest === undefined ? {} : { container: manifest.container, runtime: manifest.runtime },
    attributes: { problem, verifiedAt, ...(manifest === undefined ? {} : attributesOf(manifest)) },
    values,
  };
}

function attributesOf({ files, warnings, ...rest }: NonNullable<ListedBackup["manifest"]>) {
  const {
    container,
    runtime,
    image,
    imageId,
    digest,
    created,
    expires,
    command,
    reason,
    consistency,
    engine,
    running,
  } = rest;
  return {
    ...{ container, runtime, image, imageId, digest, created, expires, command, reason, consistency, engine, running },
    files: files.slice(0, mostFiles).map(({ name, what, source, destination, bytes, compressedBytes }) => ({
      ...{ name, what, source, destination, bytes, compressedBytes },
    })),
    warnings: warnings.slice(0, 20),
  };
}

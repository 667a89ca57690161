import type { Reading } from "../collectors/collector.ts";
import { missing, slots } from "../collectors/values.ts";
import { boundAttributes } from "../pools/bound-attributes.ts";
import type { Pool, PoolMember } from "../pools/pool.ts";
import { poolReadings } from "../pools/pool-readings.ts";
import type { ControllerState, RaidController, RaidDrive, RaidVolume } from "./model.ts";

/** What the host knows of a volume: the whole disks that it is to the kernel, and its exact size. */
export type VolumeDevice = { disks: string[]; sizeBytes?: number };

const slot = slots("controller");
const mostDrives = 100;

/** Readings of a controller, its volumes and their members. `deviceOf` looks a volume's device up; `now` in Unix ms. */
export function raidReadings(
  tool: string,
  controller: RaidController,
  deviceOf: (osDevice: string) => VolumeDevice,
  now: number,
): Reading[] {
  const devices = new Map(
    controller.volumes.map((one) => [one.id, one.osDevice === undefined ? { disks: [] } : deviceOf(one.osDevice)]),
  );
  const pools = controller.volumes.map((volume) =>
    toPool(tool, controller, volume, devices.get(volume.id) ?? { disks: [] }),
  );
  const disks = [...new Set([...devices.values()].flatMap((device) => device.disks))].sort();
  return [controllerReading(tool, controller, disks), ...pools.flatMap((pool) => poolReadings(pool, now))];
}

function toPool(tool: string, controller: RaidController, volume: RaidVolume, device: VolumeDevice): Pool {
  const path = `${tool}/c${controller.id}/v${volume.id}`;
  const members = controller.drives
    .filter((drive) => volume.drives.includes(drive.id) || isSpareOf(drive, volume))
    .map((drive) => toMember(drive, volume, device));
  const reason = reasonOf(volume, members);
  const sizeBytes = device.sizeBytes ?? volume.sizeBytes;
  return {
    type: "hwraid",
    name: volume.name || path,
    key: `hwraid:${path}`,
    level: volume.level,
    state: volume.state,
    ...(reason === "" ? {} : { reason }),
    health: volume.stateText,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    members,
    membersNotShown: volume.missing,
    ...(volume.scan === undefined ? {} : { scan: volume.scan }),
    scrubActions: [],
    tool,
    extra: {
      ...volume.extra,
      // The kernel sees the volume as a disk; which drives are below it the members tell.
      disks: device.disks,
      controller: `${tool}/c${controller.id}`,
      ...(volume.osDevice === undefined ? {} : { osDevice: volume.osDevice }),
    },
  };
}

function reasonOf(volume: RaidVolume, members: readonly PoolMember[]): string {
  if (volume.state === "online") return "";
  const bad = members.filter(({ state, role }) => role !== "spare" && state !== "online");
  const parts = [
    volume.stateText || "no state told",
    volume.missing > 0 ? `${volume.missing} drives missing` : "",
    ...bad.map(({ name, state }) => `${name} ${state}`),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function isSpareOf(drive: RaidDrive, volume: RaidVolume): boolean {
  return drive.use === "spare" && (drive.serves === undefined || drive.serves.includes(volume.id));
}

function toMember(drive: RaidDrive, volume: RaidVolume, device: VolumeDevice): PoolMember {
  const spare = drive.use === "spare" && !volume.drives.includes(drive.id);
  const note = noteOf(drive);
  const warned = (drive.predictedFailures ?? 0) > 0 || drive.smartAlert === true;
  const { model, serial, firmware } = drive;
  return {
    name: drive.id,
    type: drive.media ?? "drive",
    role: spare ? "spare" : "data",
    state: warned && (drive.state === "online" || drive.state === "spare") ? "degraded" : drive.state,
    ...(note === "" ? {} : { note }),
    ...(drive.mediaErrors === undefined ? {} : { readErrors: drive.mediaErrors }),
    ...(drive.sizeBytes === undefined ? {} : { sizeBytes: drive.sizeBytes }),
    ...(drive.temperatureCelsius === undefined ? {} : { temperatureCelsius: drive.temperatureCelsius }),
    ...(drive.state === "rebuilding" ? { resilvering: true } : {}),
    driveHint: {
      slot: drive.id,
      ...(model ? { model } : {}),
      ...(serial ? { serial } : {}),
      ...(firmware ? { firmware } : {}),
    },
    disks: spare ? [] : device.disks,
    children: [],
  };
}

function noteOf(drive: RaidDrive): string {
  const counted = (count: number | undefined, what: string) => ((count ?? 0) > 0 ? `${count} ${what}` : "");
  const parts = [
    /^(onln|online|ok|ghs|dhs|hot ?spare|hotspare|ugood|ready)/i.test(drive.stateText) ? "" : drive.stateText,
    /^predictive/i.test(drive.stateText) ? "" : counted(drive.predictedFailures, "predicted failures"),
    drive.smartAlert === true ? "S.M.A.R.T. alert" : "",
    counted(drive.mediaErrors, "media errors"),
    counted(drive.otherErrors, "other errors"),
    drive.rebuildRatio === undefined ? "" : `${Math.round(drive.rebuildRatio * 100)} % rebuilt`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function controllerReading(tool: string, controller: RaidController, disks: string[]): Reading {
  const { battery } = controller;
  const values = missing("controller");
  const set = (at: number, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) values[at] = value;
  };
  set(slot.temperature_celsius, controller.temperatureCelsius);
  set(slot.correctable_memory_errors, controller.correctableErrors);
  set(slot.uncorrectable_memory_errors, controller.uncorrectableErrors);
  if (battery !== undefined) {
    values[slot.battery_ok] = battery.ok ? 1 : 0;
    set(slot.battery_temperature_celsius, battery.temperatureCelsius);
    set(slot.battery_charge_ratio, battery.chargeRatio);
  }
  const { state, reason } = judge(controller);
  return {
    kind: "controller",
    key: `${tool}/c${controller.id}`,
    labels: { tool, model: controller.model },
    attributes: boundAttributes({
      tool,
      model: controller.model,
      serial: controller.serial ?? "",
      firmware: controller.firmware ?? "",
      driver: controller.driver ?? "",
      status: controller.stateText,
      battery: battery ?? null,
      faults: controller.faults,
      // Drives of volumes are members of those; these belong to none.
      drives: controller.drives
        .filter(({ use }) => use === "free" || use === "passed")
        .slice(0, mostDrives)
        .map(driveAttributes),
      members: [],
      disks,
    }),
    state,
    ...(reason === "" ? {} : { reason }),
    values,
  };
}

function judge(controller: RaidController): { state: ControllerState; reason: string } {
  const { battery, drives } = controller;
  const loose = drives.filter(({ use }) => use === "free" || use === "passed");
  const faults = [
    ...controller.faults,
    ...(battery !== undefined && !battery.ok ? [`${battery.kind}: ${battery.state}`] : []),
    ...((controller.uncorrectableErrors ?? 0) > 0
      ? [`${controller.uncorrectableErrors} uncorrectable memory errors`]
      : []),
    ...loose.flatMap((drive) => {
      const warned = (drive.predictedFailures ?? 0) > 0 || drive.smartAlert === true;
      return drive.state === "faulted" || drive.state === "offline" || warned
        ? [`drive ${drive.id} ${noteOf(drive)}`]
        : [];
    }),
  ];
  const own = controller.state;
  const word = own === "ok" ? [] : [controller.stateText || "no state told"];
  const state = own === "failed" ? "failed" : faults.length > 0 || own === "degraded" ? "degraded" : own;
  return { state, reason: [...word, ...faults].join("; ") };
}

function driveAttributes(drive: RaidDrive): Record<string, unknown> {
  const { id, stateText, ...rest } = drive;
  return { slot: id, ...rest, stateText };
}

import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { missing, slots } from "./values.ts";

/** One channel of a chip. */
export type Channel = {
  key: string;
  labels: Record<string, string>;
  path: string;
  /** Its driver may talk to a device and take its time. */
  slow: boolean;
  metric: number;
  /** What the file's number is multiplied with. */
  scale: number;
  high: number;
  critical: number;
};

export const sensors: CollectorFactory = {
  name: "sensors",
  help: "Temperatures, fans, voltages and power from /sys/class/hwmon",
  kinds: ["sensor"],
  deadlineMs: 5000,
  create,
};

const slot = slots("sensor");
const root = "/sys/class/hwmon";
// Kernel: Documentation/hwmon/sysfs-interface.rst.
const types = {
  temp: { metric: slot.temperature_celsius, scale: 1e-3 },
  fan: { metric: slot.fan_rpm, scale: 1 },
  in: { metric: slot.voltage_volts, scale: 1e-3 },
  power: { metric: slot.power_watts, scale: 1e-6 },
} as const;
// These read a register of the processor.
const fastChips = new Set(["coretemp", "k10temp", "zenpower", "cpu_thermal"]);
const answerMs = 2000;
const rescanPasses = 60;

function create(machine: Host): Collector {
  let channels: Channel[] = [];
  let passes = 0;
  return {
    async collect() {
      if (channels.length === 0 || passes++ >= rescanPasses) {
        channels = await findChannels(machine);
        passes = 0;
      }
      if (channels.length === 0) throw new NotHere(`${root}: no sensor`);
      return Promise.all(channels.map((channel) => readChannel(machine, channel)));
    },
  };
}

async function readChannel(machine: Host, channel: Channel): Promise<Reading> {
  let text: string | undefined;
  try {
    text = channel.slow ? await machine.readSlowText(channel.path, answerMs) : machine.readText(channel.path);
  } catch {
    // Drivers answer with an error while a device sleeps or is not wired: no value.
  }
  return sensorReading(channel, text);
}

/** Reading of a channel from its file's text; undefined or no number: the value is missing. */
export function sensorReading(channel: Channel, text: string | undefined): Reading {
  const values = missing("sensor");
  const raw = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  const value = raw * channel.scale;
  const isTemperature = channel.metric === slot.temperature_celsius;
  // A temperature input without a sensor reads as one of these extremes.
  values[channel.metric] = isTemperature && (value <= -55 || value >= 200) ? Number.NaN : value;
  values[slot.temperature_high_celsius] = channel.high;
  values[slot.temperature_critical_celsius] = channel.critical;
  return { kind: "sensor", key: channel.key, labels: channel.labels, values };
}

/** Lists the channels of all chips. Their keys hold the device, as the numbers of chips change from boot to boot. */
export async function findChannels(machine: Host): Promise<Channel[]> {
  const channels: Channel[] = [];
  for (const folder of machine.readDir(root)?.sort() ?? []) {
    const path = `${root}/${folder}`;
    const chip = read(machine, `${path}/name`);
    if (chip === undefined) continue;
    const device = machine.readLink(`${path}/device`)?.split("/").pop() ?? "";
    const place = device === "" ? chip : `${chip}/${device}`;
    for (const file of machine.readDir(path)?.sort() ?? []) {
      const [, type, number] = /^(temp|fan|in|power)(\d+)_(?:input|average)$/.exec(file) ?? [];
      if (type === undefined || number === undefined) continue;
      const channel = `${type}${number}`;
      const key = `${place}/${channel}`;
      if (channels.some((known) => known.key === key)) continue;
      const label = read(machine, `${path}/${channel}_label`);
      const limit = (name: string) => (type === "temp" ? readLimit(machine, `${path}/${channel}_${name}`) : Number.NaN);
      channels.push({
        key,
        labels: { chip, ...(device === "" ? {} : { device }), ...(label === undefined ? {} : { label }), type },
        path: `${path}/${file}`,
        slow: !fastChips.has(chip),
        ...types[type as keyof typeof types],
        high: await limit("max"),
        critical: await limit("crit"),
      });
    }
  }
  return channels;
}

async function readLimit(machine: Host, path: string): Promise<number> {
  const text = await machine.readSlowText(path, answerMs).catch(() => undefined);
  const celsius = text === undefined ? Number.NaN : Number(text) / 1000;
  return celsius > 0 && celsius < 200 ? celsius : Number.NaN;
}

function read(machine: Host, path: string): string | undefined {
  try {
    return machine.readText(path)?.trim() || undefined;
  } catch {
    return undefined;
  }
}

import { programArguments } from "../child/child.ts";
import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { missing } from "./values.ts";

/** The hidden argument with which the agent's program starts itself to take the inventory. */
export const inventoryArgument = "internal-inventory";

export const inventory: CollectorFactory = {
  name: "inventory",
  help: "Maker, model, firmware, processor and memory modules, hourly, by systeminformation in a process of its own",
  kinds: ["host"],
  deadlineMs: 60_000,
  everySeconds: 3600,
  create,
};

const deadlineMs = 55_000;

function create(machine: Host): Collector {
  return {
    async collect(_now, signal) {
      const program = programArguments();
      if (program === undefined) throw new NotHere("not started from the agent's program");
      const done = await machine.run(process.execPath, [...program, inventoryArgument], { deadlineMs, signal });
      if (done.code !== 0) throw new Error(`inventory: ${done.stderr.trim() || `exit code ${done.code}`}`);
      return [inventoryReading(done.stdout)];
    },
  };
}

/** Reading of the host from what the child wrote. Throws where that is no JSON object. */
export function inventoryReading(json: string): Reading {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error("inventory: no object");
  return { kind: "host", key: "host", attributes: { inventory: parsed }, values: missing("host") };
}

/** Takes the inventory in this process and writes it to stdout as one line of JSON. */
export async function runInventoryChild(): Promise<void> {
  const si = await import("systeminformation");
  const [system, bios, board, chassis, cpu, memory, disks] = await Promise.all([
    si.system(),
    si.bios(),
    si.baseboard(),
    si.chassis(),
    si.cpu(),
    si.memLayout(),
    si.diskLayout(),
  ]);
  const taken = {
    system: known({ ...pick(system, ["manufacturer", "model", "version", "serial", "uuid", "sku"]) }),
    bios: known(pick(bios, ["vendor", "version", "releaseDate"])),
    board: known(pick(board, ["manufacturer", "model", "version", "serial"])),
    chassis: known(pick(chassis, ["manufacturer", "type"])),
    cpu: known(pick(cpu, ["manufacturer", "brand", "speed", "speedMax", "physicalCores", "processors", "socket"])),
    memory: memory.map((one) =>
      known(pick(one, ["size", "type", "clockSpeed", "manufacturer", "partNum", "bank", "ecc"])),
    ),
    disks: disks.map((one) =>
      known(pick(one, ["device", "type", "name", "vendor", "size", "interfaceType", "serialNum"])),
    ),
  };
  await new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(taken)}\n`, () => resolve()));
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

// Firmware is full of blanks and of what its makers forgot to fill in; a model "Docker Container" is a guess.
function known(facts: Record<string, unknown>): Record<string, unknown> {
  const empty =
    /^(|-|0|none|unknown|not specified|default string|to be filled by o\.e\.m\.|system serial number|docker container)$/i;
  return Object.fromEntries(
    Object.entries(facts).filter(
      ([, value]) => value !== null && value !== undefined && !empty.test(`${value}`.trim()),
    ),
  );
}

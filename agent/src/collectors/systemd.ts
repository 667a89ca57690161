import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { missing, slots } from "./values.ts";

export const systemd: CollectorFactory = {
  name: "systemd",
  help: "Failed systemd units, from systemctl",
  kinds: ["host", "unit"],
  deadlineMs: 10_000,
  everySeconds: 60,
  create,
};

const slot = slots("host");
const listFailed = ["list-units", "--state=failed", "--all", "--plain", "--full", "--no-legend", "--no-pager"];
const deadlineMs = 9000;

function create(machine: Host): Collector {
  return {
    async collect(_now, signal) {
      // How sd_booted(3) decides whether systemd is the init process.
      if (machine.readDir("/run/systemd/system") === undefined) throw new NotHere("systemd is not running");
      const done = await machine.run("systemctl", listFailed, { deadlineMs, signal });
      if (done.code !== 0) throw new Error(`systemctl: ${done.stderr.trim() || `exit code ${done.code}`}`);
      return unitReadings(done.stdout);
    },
  };
}

/** One reading a failed unit and one of the host from the plain list: unit, load, active, sub, description. */
export function unitReadings(list: string): Reading[] {
  const units: Reading[] = [];
  for (const line of list.split("\n")) {
    const [name, , active, sub, ...description] = line.replace(/^[●*]/, "").trim().split(/\s+/);
    if (name === undefined || active !== "failed") continue;
    units.push({
      kind: "unit",
      key: name,
      labels: { type: name.slice(name.lastIndexOf(".") + 1) },
      attributes: { description: description.join(" "), sub },
      state: "failed",
      values: missing("unit"),
    });
  }
  const values = missing("host");
  values[slot.failed_units] = units.length;
  return [{ kind: "host", key: "host", values }, ...units];
}

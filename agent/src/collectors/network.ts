import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { scanIntegers } from "./proc-text.ts";
import { createStopwatch, missing, perSecond, slots } from "./values.ts";

export const network: CollectorFactory = {
  name: "network",
  help: "Traffic, errors, drops and link state by interface, from /proc/net/dev and /sys/class/net",
  kinds: ["nic"],
  deadlineMs: 1000,
  create,
};

/** What is known of an interface beyond its counters. The driver is asked for the speed only when the link changes. */
type Interface = {
  labels: Record<string, string>;
  attributes: Record<string, unknown>;
  operstate: string;
  speed: number;
  asked: number;
};

const slot = slots("nic");
// Places of the counters in /proc/net/dev: receive, then transmit, eight each.
const places = [
  [0, slot.receive_bytes_per_second],
  [8, slot.transmit_bytes_per_second],
  [1, slot.receive_packets_per_second],
  [9, slot.transmit_packets_per_second],
  [2, slot.receive_errors_per_second],
  [10, slot.transmit_errors_per_second],
  [3, slot.receive_drops_per_second],
  [11, slot.transmit_drops_per_second],
] as const;
const counters = 16;
const speedPasses = 60;
// The host's ends of containers' and virtual machines' links, which come and go with them.
const guestLink = /^(veth|cali[0-9a-f]{3}|lxc[0-9_]|lxc_|cilium_|azv|vnet\d|tap\d+i\d|fw(br|pr|ln)\d)/;
// Made by kernel modules whether or not they are used.
const idleLink = /^(ifb\d|dummy\d|sit0|tunl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6tnl0|ip6gre0|teql0|kube-ipvs0)/;

function create(machine: Host): Collector {
  const elapsed = createStopwatch();
  const interfaces = new Map<string, Interface>();
  let before = new Map<string, Float64Array>();
  return {
    collect() {
      const text = machine.readText("/proc/net/dev");
      if (text === undefined) throw new NotHere("/proc/net/dev");
      const seconds = elapsed();
      const now = parseNetDev(text);
      for (const name of interfaces.keys()) if (!now.has(name)) interfaces.delete(name);
      const readings: Reading[] = [];
      for (const [name, counts] of now) {
        const known = interfaces.get(name) ?? describe(machine, name);
        interfaces.set(name, known);
        const link = linkState(machine, name, known);
        const values = nicValues(counts, before.get(name), seconds);
        values[slot.up] = link === "unknown" ? Number.NaN : link === "up" ? 1 : 0;
        values[slot.speed_bits_per_second] = link === "down" ? Number.NaN : known.speed;
        readings.push({
          kind: "nic",
          key: name,
          labels: known.labels,
          attributes: known.attributes,
          state: link,
          values,
        });
      }
      before = now;
      return readings;
    },
  };
}

/** Counters by interface from the text of /proc/net/dev; the loopback, guests' links and unused defaults are left out. */
export function parseNetDev(text: string): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const line of text.split("\n")) {
    const colon = line.lastIndexOf(":");
    if (colon < 0) continue;
    const name = line.slice(0, colon).trim();
    if (name === "" || name === "lo" || guestLink.test(name)) continue;
    const counts = new Float64Array(counters);
    if (scanIntegers(line, colon + 1, counts) < counters) throw new Error(`/proc/net/dev: no counters of ${name}`);
    if (idleLink.test(name) && counts[0] === 0 && counts[8] === 0) continue;
    found.set(name, counts);
  }
  return found;
}

/** Rates of one interface between two counts. */
export function nicValues(now: Float64Array, before: Float64Array | undefined, seconds: number): Float64Array {
  const values = missing("nic");
  for (const [counter, at] of places) values[at] = perSecond(now[counter] as number, before?.[counter], seconds);
  return values;
}

/** The state in the catalogue's words. `carrier` is the file's text, undefined where it can't be read. */
export function toLinkState(operstate: string, carrier: string | undefined): "up" | "down" | "unknown" {
  if (operstate === "up") return "up";
  // Tunnels have no state of their own, but a carrier.
  if (operstate !== "unknown" && operstate !== "") return "down";
  return carrier === "1" ? "up" : carrier === "0" ? "down" : "unknown";
}

function linkState(machine: Host, name: string, known: Interface): "up" | "down" | "unknown" {
  const folder = `/sys/class/net/${name}`;
  const operstate = read(machine, `${folder}/operstate`) ?? "";
  if (operstate !== known.operstate || ++known.asked >= speedPasses) {
    const megabits = Number(read(machine, `${folder}/speed`) ?? Number.NaN);
    known.speed = megabits > 0 ? megabits * 1e6 : Number.NaN;
    known.operstate = operstate;
    known.asked = 0;
  }
  return toLinkState(operstate, operstate === "up" ? undefined : read(machine, `${folder}/carrier`));
}

function describe(machine: Host, name: string): Interface {
  const folder = `/sys/class/net/${name}`;
  const has = (entry: string) => machine.readDir(`${folder}/${entry}`) !== undefined;
  const devtype = /^DEVTYPE=(.+)$/m.exec(read(machine, `${folder}/uevent`) ?? "")?.[1];
  const type = has("wireless")
    ? "wireless"
    : has("bonding")
      ? "bond"
      : has("bridge")
        ? "bridge"
        : (devtype ?? (has("device") ? "physical" : "virtual"));
  const mac = read(machine, `${folder}/address`);
  const mtu = Number(read(machine, `${folder}/mtu`));
  return {
    labels: { type },
    attributes: { ...(mac === undefined ? {} : { mac }), ...(mtu > 0 ? { mtu } : {}) },
    operstate: "",
    speed: Number.NaN,
    asked: speedPasses,
  };
}

// Drivers answer "invalid argument" for the speed or carrier of a link that is down.
function read(machine: Host, path: string): string | undefined {
  try {
    return machine.readText(path)?.trim() || undefined;
  } catch {
    return undefined;
  }
}

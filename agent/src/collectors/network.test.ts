import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere, type Reading } from "./collector.ts";
import { network, nicValues, parseNetDev, toLinkState } from "./network.ts";
import { slots } from "./values.ts";

const slot = slots("nic");
const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const row = (name: string, scale: number) =>
  `${name}:${[1000, 100, 10, 20, 0, 0, 0, 0, 2000, 200, 30, 40, 0, 0, 0, 0].map((n) => n * scale).join(" ")}\n`;

test("rates between two counts", () => {
  const before = parseNetDev(head + row("  eth0", 1)).get("eth0")!;
  const now = parseNetDev(head + row("  eth0", 2)).get("eth0")!;
  expect(named(slot, nicValues(now, before, 10))).toEqual({
    receive_bytes_per_second: 100,
    transmit_bytes_per_second: 200,
    receive_packets_per_second: 10,
    transmit_packets_per_second: 20,
    receive_errors_per_second: 1,
    transmit_errors_per_second: 3,
    receive_drops_per_second: 2,
    transmit_drops_per_second: 4,
  });
  expect(named(slot, nicValues(now, undefined, Number.NaN))).toEqual({});
  expect(named(slot, nicValues(before, now, 10))).toEqual({});
});

test("leaves out the loopback, guests' links and unused defaults", () => {
  const names = ["lo", "eth0", "veth12ab", "cali0123456789a", "docker0", "br-0f", "wlan0.5", "tap100i0", "ifb1"];
  const text = head + names.map((name) => row(name, 1)).join("") + row("ifb0", 0) + row("dummy0", 0);
  expect([...parseNetDev(text).keys()]).toEqual(["eth0", "docker0", "br-0f", "wlan0.5", "ifb1"]);
});

test.each([
  ["up", undefined, "up"],
  ["down", "0", "down"],
  ["lowerlayerdown", undefined, "down"],
  ["unknown", "1", "up"],
  ["unknown", "0", "down"],
  ["unknown", undefined, "unknown"],
  ["", undefined, "unknown"],
] as const)("operstate %j with carrier %j is %s", (operstate, carrier, state) => {
  expect(toLinkState(operstate, carrier)).toBe(state);
});

test("link, speed and kind from sysfs, followed when they change", () => {
  const eth0 = "/sys/class/net/eth0";
  const host = rootedHost({
    "/proc/net/dev": head + row("eth0", 1) + row("br0", 1),
    [`${eth0}/operstate`]: "up\n",
    [`${eth0}/speed`]: "1000\n",
    [`${eth0}/address`]: "02:00:00:00:00:01\n",
    [`${eth0}/mtu`]: "1500\n",
    [`${eth0}/device/vendor`]: "x",
    "/sys/class/net/br0/bridge/x": "",
    "/sys/class/net/br0/operstate": "down\n",
    "/sys/class/net/br0/speed": "-1\n",
  });
  const collector = network.create(host);
  const [nic, bridge] = collector.collect(0, noAbort) as Reading[];
  expect(nic).toMatchObject({
    state: "up",
    labels: { type: "physical" },
    attributes: { mac: "02:00:00:00:00:01", mtu: 1500 },
  });
  expect(named(slot, nic?.values)).toEqual({ up: 1, speed_bits_per_second: 1e9 });
  expect(bridge).toMatchObject({ state: "down", labels: { type: "bridge" } });
  expect(named(slot, bridge?.values)).toEqual({ up: 0 });
  host.write(`${eth0}/operstate`, "down\n");
  const [down] = collector.collect(0, noAbort) as Reading[];
  expect(down?.state).toBe("down");
  expect(down?.values[slot.up]).toBe(0);
});

test("missing and malformed", () => {
  expect(() => network.create(rootedHost({})).collect(0, noAbort)).toThrow(NotHere);
  expect(() => parseNetDev(`${head}eth0: 1 2\n`)).toThrow("/proc/net/dev: no counters of eth0");
});

import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { parsePrettyName, toVirtualisation } from "../host/facts.ts";
import { NotHere, type Reading } from "./collector.ts";
import { parseEstablished, parseFileNumber, system } from "./system.ts";
import { slots } from "./values.ts";

test.each([
  ["1200\t200\t9999\n", 1000],
  ["", Number.NaN],
  ["x y", Number.NaN],
])("open files in %j", (text, expected) => {
  expect(parseFileNumber(text)).toBe(expected);
});

test.each([
  ["Ip: A B\nIp: 1 2\nTcp: MaxConn CurrEstab InSegs\nTcp: -1 12 500\nUdp: A\n", 12],
  ["Tcp: MaxConn\nTcp: 1\n", Number.NaN],
  ["Ip: A\n", Number.NaN],
  ["", Number.NaN],
])("established connections in %j", (text, expected) => {
  expect(parseEstablished(text)).toBe(expected);
});

test.each([
  ['NAME="x"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "Debian GNU/Linux 12 (bookworm)"],
  ["PRETTY_NAME=Arch\n", "Arch"],
  ["", undefined],
])("pretty name in %j", (text, expected) => {
  expect(parsePrettyName(text)).toBe(expected);
});

test.each([
  ["QEMU Standard PC", true, "", "kvm"],
  ["Dell Inc. PowerEdge", false, "", "none"],
  ["", true, "", "vm"],
  ["QEMU", true, "lxc", "lxc"],
])("virtualisation of %j, hypervisor %j, container %j: %s", (vendor, hypervisor, container, expected) => {
  expect(toVirtualisation(vendor, hypervisor, container)).toBe(expected);
});

test("values and facts from a rooted host", () => {
  const host = rootedHost({
    "/proc/uptime": "3600.25 7000.00\n",
    "/proc/sys/fs/file-nr": "500 100 9999\n",
    "/proc/net/snmp": "Tcp: CurrEstab\nTcp: 3\n",
    "/proc/1/stat": "",
    "/proc/22/stat": "",
    "/proc/sys/kernel/hostname": "web-1\n",
    "/proc/sys/kernel/random/boot_id": "7063fd68\n",
    "/proc/stat": "cpu  1 1 1 1\nbtime 1700000000\n",
    "/etc/os-release": 'PRETTY_NAME="Debian"\n',
  });
  const [reading] = system.create(host).collect(0, noAbort) as Reading[];
  expect(named(slots("host"), reading?.values)).toEqual({
    uptime_seconds: 3600.25,
    processes: 2,
    file_descriptors: 400,
    tcp_connections: 3,
  });
  expect(reading?.attributes).toMatchObject({
    hostname: "web-1",
    boot_id: "7063fd68",
    booted_at: 1_700_000_000_000,
    os: "Debian",
  });
});

test("not here without an uptime", () => {
  expect(() => system.create(rootedHost({})).collect(0, noAbort)).toThrow(NotHere);
});

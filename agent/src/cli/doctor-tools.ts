import { boundDevices } from "../hardware-raid/bound-devices.ts";
import { raidTools } from "../hardware-raid/tools.ts";
import { type Bringer, bringerHint } from "../host/distribution.ts";
import { findTool } from "../host/find-tool.ts";
import type { Host } from "../host/host.ts";
import { toolPackages } from "../pools/tool-packages.ts";

/** `remedy` is empty when the verdict is ok. "note": it works, but something can't be seen. */
export type Finding = { check: string; verdict: "ok" | "note" | "fault"; found: string; remedy: string };

/** Something of this host that only a program can tell about. */
type Wanted = {
  program: string;
  hides: string;
  /** What the host has that calls for it; undefined: nothing. */
  need(host: Host): string | undefined;
  from: Bringer;
  /** The oldest version that does, and how the program is asked for its own. */
  oldest?: { version: string; args: readonly string[]; pattern: RegExp; why: string };
};

const wanted: readonly Wanted[] = [
  {
    program: "systemctl",
    hides: "failed units",
    need: (host) => (exists(host, "/run/systemd/system") ? "systemd runs" : undefined),
    from: { packages: {}, otherwise: "systemd" },
  },
  {
    program: "smartctl",
    hides: "the health of drives",
    need: (host) => listed("drives", drivesOf(host)),
    from: { packages: {}, otherwise: "smartmontools" },
    oldest: {
      version: "7.0",
      args: ["--version"],
      pattern: /^smartctl (\d+)\.(\d+)/m,
      why: "it has no JSON, so drives can't be read",
    },
  },
  {
    program: "zpool",
    hides: "the state of ZFS pools",
    need: zfsOf,
    from: toolPackages.zpool,
  },
  {
    program: "lvm",
    hides: "volume groups and how full thin pools are",
    need: (host) => (hasMapped(host, "LVM-") ? "LVM volumes" : listed("LVM on", withType(host, "LVM2_member"))),
    from: toolPackages.lvm,
  },
  {
    program: "btrfs",
    hides: "the space and scrubs of btrfs",
    need: (host) => (btrfsOf(host) ? "btrfs filesystems" : undefined),
    from: toolPackages.btrfs,
  },
  {
    program: "mdadm",
    hides: "nothing (arrays are read from the kernel), but a failed member can't be replaced without it",
    need: (host) =>
      listed(
        "md arrays",
        names(host, "/sys/block").filter((name) => /^md[\d_]/.test(name)),
      ),
    from: toolPackages.mdadm,
  },
];

/** The tools that this host needs for what it has: which are missing or too old, and what brings them. */
export async function toolFindings(host: Host, signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  const present: string[] = [];
  for (const want of wanted) {
    const reason = want.need(host);
    if (reason === undefined) continue;
    const path = findTool(host, [want.program]);
    const old = path === undefined ? undefined : await tooOld(host, want, path, signal);
    if (path === undefined) {
      findings.push(
        note("tools", `${reason}, but no ${want.program}: it hides ${want.hides}`, bringerHint(host, want.from)),
      );
    } else if (old !== undefined) {
      findings.push(
        fault(
          "tools",
          `${want.program} ${old}: ${want.oldest?.why}`,
          `${bringerHint(host, want.from)} (${want.oldest?.version} or later)`,
        ),
      );
    } else present.push(want.program);
  }
  findings.push(...controllerFindings(host, present));
  if (findings.length > 0) return findings;
  return [ok("tools", present.length === 0 ? "none is needed" : `nothing is missing (${present.join(", ")})`)];
}

/** RAID controllers by the driver that serves them, and whether a tool of their vendor is here. */
function controllerFindings(host: Host, present: string[]): Finding[] {
  const findings: Finding[] = [];
  for (const [driver, kind] of Object.entries(raidDrivers)) {
    const [device] = boundDevices(host, driver);
    if (device === undefined) continue;
    const serving = raidTools.flat().filter((tool) => tool.drivers.includes(driver));
    const here = serving.find(({ programs }) => findTool(host, programs) !== undefined);
    if (here !== undefined) {
      present.push(here.name);
      continue;
    }
    const maker = text(host, `/sys/bus/pci/devices/${device}/subsystem_vendor`) ?? "";
    const preferred = makers[maker];
    const best = serving.find(({ name }) => preferred?.includes(name)) ?? serving[0];
    if (best === undefined) continue;
    findings.push(
      note(
        "tools",
        `${kind} at ${device} (driver ${driver}), but no ${best.name}: it hides ${kind === adapter ? "the adapter's temperature and faults" : "volumes, drives and the battery behind it"}`,
        `install ${best.name} from ${best.vendor}`,
      ),
    );
  }
  return findings;
}

const adapter = "a SAS adapter";
const raidDrivers: Record<string, string> = {
  megaraid_sas: "a RAID controller",
  mpi3mr: "a RAID controller",
  mpt3sas: adapter,
  hpsa: "a RAID controller",
  smartpqi: "a RAID controller",
  aacraid: "a RAID controller",
};
// PCI vendors of boards, by whom the tool is given out: Dell, HP, HPE, Adaptec.
const makers: Record<string, readonly string[]> = {
  "0x1028": ["perccli", "perccli2"],
  "0x103c": ["ssacli"],
  "0x1590": ["ssacli"],
  "0x9005": ["arcconf"],
};

async function tooOld(host: Host, want: Wanted, path: string, signal: AbortSignal): Promise<string | undefined> {
  if (want.oldest === undefined) return undefined;
  const { version, args, pattern } = want.oldest;
  const run = host.run(path, args, { deadlineMs: 5_000, signal, flight: `doctor ${want.program}` });
  const found = pattern.exec((await run.catch(() => undefined))?.stdout ?? "");
  if (found === null) return "of no version that it tells";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [haveMajor, haveMinor] = [Number(found[1]), Number(found[2])];
  return haveMajor > major || (haveMajor === major && haveMinor >= minor) ? undefined : `${haveMajor}.${haveMinor}`;
}

function drivesOf(host: Host): string[] {
  return names(host, "/sys/block").filter((name) => /^(sd[a-z]+|hd[a-z]+|nvme\d+n\d+)$/.test(name));
}

function zfsOf(host: Host): string | undefined {
  const pools = names(host, "/proc/spl/kstat/zfs").filter((name) => exists(host, `/proc/spl/kstat/zfs/${name}/state`));
  if (pools.length > 0) return listed("ZFS pools", pools);
  const members = withType(host, "zfs_member");
  if (members.length > 0) return listed("ZFS on", members);
  return /^nodev\tzfs$/m.test(text(host, "/proc/filesystems") ?? "") ? "the kernel's ZFS" : undefined;
}

function btrfsOf(host: Host): boolean {
  return names(host, "/sys/fs/btrfs").some((name) => /^[\da-f]{8}-/.test(name));
}

function hasMapped(host: Host, prefix: string): boolean {
  return names(host, "/sys/block").some((name) => text(host, `/sys/block/${name}/dm/uuid`)?.startsWith(prefix));
}

/** Block devices ("8:1") on which udev has seen that kind of content. */
function withType(host: Host, type: string): string[] {
  const devices = names(host, "/run/udev/data").filter((name) => /^b\d+:\d+$/.test(name));
  const found = devices.filter((name) => text(host, `/run/udev/data/${name}`)?.includes(`E:ID_FS_TYPE=${type}`));
  return found.map((name) => (host.readLink(`/sys/dev/block/${name.slice(1)}`) ?? name.slice(1)).replace(/^.*\//, ""));
}

function listed(what: string, items: readonly string[]): string | undefined {
  if (items.length === 0) return undefined;
  const shown = [...items].sort().slice(0, 4).join(", ");
  return `${what} ${shown}${items.length > 4 ? ` and ${items.length - 4} more` : ""}`;
}

function exists(host: Host, path: string): boolean {
  return attempt(() => host.linkCount(path)) !== undefined;
}

function names(host: Host, path: string): string[] {
  return attempt(() => host.readDir(path)) ?? [];
}

function text(host: Host, path: string): string | undefined {
  return attempt(() => host.readText(path))?.trimEnd();
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: "ok", found, remedy: "" };
}

export function note(check: string, found: string, remedy: string): Finding {
  return { check, verdict: "note", found, remedy };
}

export function fault(check: string, found: string, remedy: string): Finding {
  return { check, verdict: "fault", found, remedy };
}

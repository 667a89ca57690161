import type { Host } from "./host.ts";

/** Distributions that bring a program by the same package manager and, mostly, the same name. */
export type Family = "debian" | "rhel" | "fedora" | "suse" | "alpine" | "arch" | "gentoo";

const installs: Record<Family, string> = {
  debian: "apt-get install",
  rhel: "dnf install",
  fedora: "dnf install",
  suse: "zypper install",
  alpine: "apk add",
  arch: "pacman -S",
  gentoo: "emerge",
};

const families: readonly (readonly [Family, RegExp])[] = [
  ["debian", /^(debian|ubuntu|raspbian|linuxmint|proxmox|devuan)$/],
  ["fedora", /^fedora$/],
  ["rhel", /^(rhel|centos|rocky|almalinux|ol|amzn)$/],
  ["suse", /^(suse|opensuse.*|sles)$/],
  ["alpine", /^alpine$/],
  ["arch", /^(arch|manjaro)$/],
  ["gentoo", /^gentoo$/],
];

/** By os-release: its own name first, then those that it is like; undefined for one that is not known. */
export function familyOf(host: Host): Family | undefined {
  const release = read(host, "/etc/os-release") ?? read(host, "/usr/lib/os-release") ?? "";
  const value = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)["']?$`, "m").exec(release)?.[1] ?? "";
  for (const id of `${value("ID")} ${value("ID_LIKE")}`.split(/\s+/)) {
    const family = families.find(([, pattern]) => pattern.test(id))?.[0];
    if (family !== undefined) return family;
  }
  return undefined;
}

/** How to install a package of that name on this distribution: "apt-get install smartmontools". */
export function packageHint(host: Host, name: string): string {
  const family = familyOf(host);
  return family === undefined ? `install the package ${name}` : `${installs[family]} ${name}`;
}

/** What brings a program: the package by family where its name differs, else `otherwise`, a package or, with blanks, a source. */
export type Bringer = { packages: Partial<Record<Family, string>>; otherwise: string };

/** How to get what that brings: "apt-get install zfsutils-linux", "install zfs of the OpenZFS repository". */
export function bringerHint(host: Host, { packages, otherwise }: Bringer): string {
  const family = familyOf(host);
  const name = (family === undefined ? undefined : packages[family]) ?? otherwise;
  // What a vendor gives out is no package's name.
  return name.includes(" ") ? `install ${name}` : packageHint(host, name);
}

function read(host: Host, path: string): string | undefined {
  try {
    return host.readText(path);
  } catch {
    return undefined;
  }
}

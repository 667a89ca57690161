import type { Host } from "../host/host.ts";

const managers: readonly (readonly [ids: RegExp, command: string])[] = [
  [/^(debian|ubuntu|raspbian|linuxmint|proxmox|devuan)$/, "apt-get install"],
  [/^(fedora|rhel|centos|rocky|almalinux|ol|amzn)$/, "dnf install"],
  [/^(suse|opensuse.*|sles)$/, "zypper install"],
  [/^(arch|manjaro)$/, "pacman -S"],
  [/^alpine$/, "apk add"],
  [/^gentoo$/, "emerge"],
];

/** How to install a package of that name on this distribution: "apt-get install smartmontools". */
export function packageHint(host: Host, name: string): string {
  const ids = distributions(host);
  const command = managers.find(([known]) => ids.some((id) => known.test(id)))?.[1];
  return command === undefined ? `install the package ${name}` : `${command} ${name}`;
}

/** This one, then those that it is like. */
function distributions(host: Host): string[] {
  try {
    const text = host.readText("/etc/os-release") ?? "";
    const value = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
    return `${value("ID")} ${value("ID_LIKE")}`.split(/\s+/).filter((id) => id !== "");
  } catch {
    return [];
  }
}

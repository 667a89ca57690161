/** One mount that is worth watching. */
export type Mount = {
  mountPoint: string;
  /** "major:minor" as the kernel tells it. */
  device: string;
  source: string;
  type: string;
  readOnly: boolean;
  network: boolean;
};

const networkTypes = new Set([
  "9p",
  "afs",
  "beegfs",
  "ceph",
  "cifs",
  "davfs",
  "glusterfs",
  "lustre",
  "ncpfs",
  "nfs",
  "nfs4",
  "smb3",
  "smbfs",
]);
const networkFuse =
  /^fuse\.(sshfs|glusterfs|ceph|ceph-fuse|s3fs|rclone|davfs2?|mfs|moosefs|juicefs|gcsfuse|curlftpfs|goofys|cifs|smbnetfs)$/;
// Local filesystems whose fuse driver holds real data.
const localFuse =
  /^fuse\.(mergerfs|mhddfs|ntfs-3g|ntfs|zfs|lizardfs|exfat|bindfs|encfs|gocryptfs|unionfs|snapraid|vmware-vmblk)$/;
const localTypes = new Set([
  "apfs",
  "bcachefs",
  "btrfs",
  "exfat",
  "ext2",
  "ext3",
  "ext4",
  "f2fs",
  "fuseblk",
  "gfs2",
  "hfs",
  "hfsplus",
  "jfs",
  "minix",
  "msdos",
  "nilfs2",
  "ntfs",
  "ntfs3",
  "ocfs2",
  "reiser4",
  "reiserfs",
  "ubifs",
  "ufs",
  "vfat",
  "virtiofs",
  "xfs",
  "zfs",
]);
// Of the memory filesystems only those matter that users and services fill.
const memoryMounts = new Set(["/tmp", "/var/tmp", "/run"]);
// What container engines mount over single files.
const engineFiles = new Set(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/timezone", "/etc/localtime"]);

/**
 * The mounts of real filesystems in the text of /proc/PID/mountinfo (man 5 proc), each device once: where it is mounted
 * whole, else at the shortest path. Of mounts over one another the last counts. Throws on a line that is none.
 */
export function parseMounts(text: string): Mount[] {
  const byMountPoint = new Map<string, Mount & { whole: boolean }>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [left = "", right = ""] = line.split(" - ", 2);
    const [, , device, root, rawMountPoint, options] = left.split(" ");
    const [type, source, superOptions] = right.split(" ");
    if (device === undefined || root === undefined || rawMountPoint === undefined || options === undefined) {
      throw new Error(`mountinfo: not a mount: ${line.slice(0, 80)}`);
    }
    if (type === undefined || source === undefined) throw new Error(`mountinfo: no type: ${line.slice(0, 80)}`);
    const mountPoint = unescapeOctal(rawMountPoint);
    const network = networkTypes.has(type) || networkFuse.test(type);
    byMountPoint.delete(mountPoint);
    if (!network && !isLocal(type, mountPoint)) continue;
    if (engineFiles.has(mountPoint)) continue;
    byMountPoint.set(mountPoint, {
      mountPoint,
      device,
      source: unescapeOctal(source),
      type,
      readOnly: hasOption(options, "ro") || hasOption(superOptions ?? "", "ro"),
      network,
      whole: root === "/",
    });
  }
  const byDevice = new Map<string, Mount & { whole: boolean }>();
  for (const mount of byMountPoint.values()) {
    const other = byDevice.get(mount.device);
    if (other === undefined || isBetter(mount, other)) byDevice.set(mount.device, mount);
  }
  return [...byDevice.values()].map(({ whole, ...mount }) => mount);
}

function isLocal(type: string, mountPoint: string): boolean {
  if (type === "tmpfs") return memoryMounts.has(mountPoint);
  // A container's or a live system's root; the layers of containers under an engine's folder are no disks of their own.
  if (type === "overlay" || type === "aufs") return mountPoint === "/";
  return localTypes.has(type) || localFuse.test(type);
}

function isBetter(one: Mount & { whole: boolean }, other: Mount & { whole: boolean }): boolean {
  if (one.whole !== other.whole) return one.whole;
  return one.mountPoint.length < other.mountPoint.length;
}

function hasOption(list: string, option: string): boolean {
  return list.split(",").includes(option);
}

// The kernel writes space, tab, newline, # and backslash as three octal digits.
function unescapeOctal(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

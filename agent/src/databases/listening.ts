/** A listening TCP socket: address as text ("0.0.0.0", "::1"), inode as in /proc/PID/fd. */
export type TcpListener = { address: string; port: number; inode: string };

/** A listening unix socket; `path` begins with "@" where it is abstract. */
export type UnixListener = { path: string; inode: string };

const listening = "0A";
const acceptsConnections = 0x10000;

/** Listening sockets of /proc/net/tcp or tcp6; lines that are none are left out. */
export function parseTcpListeners(text: string): TcpListener[] {
  const found: TcpListener[] = [];
  for (const line of text.split("\n")) {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    if (state !== listening) continue;
    const [hex = "", port = ""] = local.split(":");
    const address = addressOf(hex);
    if (address !== undefined && /^[0-9A-F]{4}$/i.test(port) && /^\d+$/.test(inode)) {
      found.push({ address, port: Number.parseInt(port, 16), inode });
    }
  }
  return found;
}

/** Listening stream sockets of /proc/net/unix that have a name. */
export function parseUnixListeners(text: string): UnixListener[] {
  const found: UnixListener[] = [];
  for (const line of text.split("\n")) {
    const match = /^[0-9a-f]+: [0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) 0001 [0-9a-f]+ +(\d+) (.+)$/i.exec(line);
    if (match === null || (Number.parseInt(match[1] ?? "", 16) & acceptsConnections) === 0) continue;
    found.push({ path: match[3] ?? "", inode: match[2] ?? "" });
  }
  return found;
}

/** Own IPv4 addresses of a network namespace but the loopback, from its /proc/PID/net/fib_trie, in the file's order. */
export function parseLocalAddresses(text: string): string[] {
  const found = new Set<string>();
  let last = "";
  for (const line of text.split("\n")) {
    const leaf = /\|-- (\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1];
    if (leaf !== undefined) last = leaf;
    else if (line.includes("/32 host LOCAL") && !last.startsWith("127.")) found.add(last);
  }
  return [...found];
}

/**
 * The one to connect to, and to name it by: "any" addresses are 127.0.0.1 (::1 where it listens on IPv6 alone), the loopback
 * goes before others, IPv4 before IPv6, low before high.
 */
export function lowestAddress(addresses: readonly string[]): string | undefined {
  const shown = addresses.map((address) => {
    if (address === "0.0.0.0" || address === "::") return "127.0.0.1";
    return address.startsWith("::ffff:") ? address.slice(7) : address;
  });
  return shown.sort((a, b) => rank(a) - rank(b) || (sortable(a) < sortable(b) ? -1 : 1))[0];
}

function rank(address: string): number {
  if (address.startsWith("127.")) return 0;
  if (address === "::1") return 2;
  return address.includes(":") ? 3 : 1;
}

function sortable(address: string): string {
  return address
    .split(".")
    .map((part) => part.padStart(3, "0"))
    .join(".");
}

// The kernel prints each 32-bit word in the host's byte order; all that we run on are little-endian.
function addressOf(hex: string): string | undefined {
  if (!/^([0-9A-F]{8}|[0-9A-F]{32})$/i.test(hex)) return undefined;
  const bytes = Buffer.from(hex, "hex");
  bytes.swap32();
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff) {
    return `::ffff:${bytes.subarray(12).join(".")}`;
  }
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return compress(groups);
}

// RFC 5952: the longest run of zeros is left out.
function compress(groups: string[]): string {
  let best = { start: 0, length: 0 };
  for (let i = 0; i < groups.length; i++) {
    let length = 0;
    while (groups[i + length] === "0") length++;
    if (length > best.length) best = { start: i, length };
  }
  if (best.length < 2) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

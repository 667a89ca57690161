import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";

/** A network namespace with one link to ours, which can be cut. */
export type Network = {
  /** Put before a program's arguments to run it inside. */
  prefix: readonly string[];
  /** Our end's address, as seen from inside. */
  gateway: string;
  cut(): void;
  mend(): void;
  /** Loses packets at random, in both directions. */
  lose(share: number): void;
  close(): void;
};

/** Why there can be no network of one's own here; undefined where there can. */
export function noNetwork(): string | undefined {
  if (process.getuid?.() !== 0) return "not root";
  if (spawnSync("ip", ["-V"]).status !== 0) return "no iproute2";
  const name = `fl-probe-${process.pid}`;
  const made = spawnSync("ip", ["netns", "add", name]);
  if (made.status !== 0) return `no namespaces: ${made.stderr.toString().trim()}`;
  spawnSync("ip", ["netns", "del", name]);
  return undefined;
}

/** Why packets can't be lost here; undefined where they can. */
export function noLoss(): string | undefined {
  const reason = noNetwork();
  if (reason !== undefined) return reason;
  const network = createNetwork();
  try {
    network.lose(0.01);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    network.close();
  }
}

export function createNetwork(): Network {
  const id = `${process.pid % 100_000}${randomInt(10, 99)}`;
  const name = `fairlead-${id}`;
  const [outer, inner] = [`flo${id}`, `fli${id}`];
  // 198.18.0.0/15 is set aside for tests (RFC 2544).
  const net = `198.18.${randomInt(256)}.${randomInt(64) * 4}`;
  const address = (last: number) => net.replace(/\d+$/, (n) => String(Number(n) + last));
  const [gateway, inside] = [address(1), address(2)];
  ip("netns", "add", name);
  try {
    ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
    ip("addr", "add", `${gateway}/30`, "dev", outer);
    ip("link", "set", outer, "up");
    ip("-n", name, "addr", "add", `${inside}/30`, "dev", inner);
    ip("-n", name, "link", "set", inner, "up");
    ip("-n", name, "link", "set", "lo", "up");
  } catch (error) {
    close();
    throw error;
  }

  function close(): void {
    spawnSync("ip", ["link", "del", outer]);
    spawnSync("ip", ["netns", "del", name]);
  }

  return {
    prefix: ["ip", "netns", "exec", name],
    gateway,
    cut: () => ip("link", "set", outer, "down"),
    mend: () => ip("link", "set", outer, "up"),
    lose(share) {
      for (const chain of ["INPUT", "OUTPUT"]) {
        const rule = ["-A", chain, "-m", "statistic", "--mode", "random", "--probability", String(share), "-j", "DROP"];
        command("ip", "netns", "exec", name, "iptables", "-w", ...rule);
      }
    },
    close,
  };
}

function ip(...args: readonly string[]): void {
  command("ip", ...args);
}

function command(program: string, ...args: readonly string[]): void {
  const done = spawnSync(program, args);
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.stderr?.toString().trim()}`);
}

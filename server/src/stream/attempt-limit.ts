import { isIPv6 } from "node:net";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Failed attempts of each peer, bounded in rate; remembers the newest 10,000 peers. */
export type AttemptLimit = {
  /** False when this peer failed too often lately. */
  allowed(peer: string, now: number): boolean;
  failed(peer: string, now: number): void;
};

const remembered = 10_000;

export function createAttemptLimit(perMinute: number): AttemptLimit {
  const peers = new Map<string, TokenBucket>();
  return {
    allowed: (peer, now) => peers.get(network(peer))?.ready(now) ?? true,
    failed(peer, now) {
      const key = network(peer);
      const bucket = peers.get(key) ?? createTokenBucket(perMinute / 60, perMinute, now);
      bucket.take(1, now);
      peers.delete(key);
      peers.set(key, bucket);
      if (peers.size > remembered) peers.delete(peers.keys().next().value as string);
    },
  };
}

/** The address, or the /64 of an IPv6 one: a host owns all of it. */
export function network(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("::");
  const front = head.split(":").filter((part) => part !== "");
  const back = (tail ?? "").split(":").filter((part) => part !== "");
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...new Array<string>(Math.max(0, zeros)).fill("0"), ...back];
  return groups.slice(0, 4).join(":");
}

import { networkOf } from "../services/auth/network.ts";
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
    allowed: (peer, now) => peers.get(networkOf(peer))?.ready(now) ?? true,
    failed(peer, now) {
      const key = networkOf(peer);
      const bucket = peers.get(key) ?? createTokenBucket(perMinute / 60, perMinute, now);
      bucket.take(1, now);
      peers.delete(key);
      peers.set(key, bucket);
      if (peers.size > remembered) peers.delete(peers.keys().next().value as string);
    },
  };
}

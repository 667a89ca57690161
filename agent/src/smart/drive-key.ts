import { createHash } from "node:crypto";
import type { Identity } from "smartctl-parser";
import type { KernelDrive } from "./kernel-drive.ts";
import { type DrivePath, slotOf } from "./stored-drive.ts";

/** Longer keys are refused on their way: of those the end is replaced by a hash. */
const longest = 500;

/** The key of a drive that was read. */
export function readKey(identity: Pick<Identity, "key">): string {
  return short(identity.key);
}

/**
 * The key that a drive will have once it can be read, as far as the kernel knows it: a sleeping drive then keeps its
 * place when it wakes.
 */
export function expectedKey(path: DrivePath, { model, serial, wwn }: KernelDrive): string {
  const slot = slotOf(path.scanned);
  const place = serial === null && wwn === null ? path.name : null;
  return short(
    [model, serial, wwn, slot, place].map((part) => encodeURIComponent(part?.toWellFormed() ?? "")).join("/"),
  );
}

/** A key for the second of two drives that claim to be the same. */
export function placedKey(key: string, path: DrivePath): string {
  return short(`${key}@${encodeURIComponent(path.name)}`);
}

function short(key: string): string {
  if (Buffer.byteLength(key) <= longest) return key;
  return `${Buffer.from(key)
    .toString("latin1")
    .slice(0, longest - 41)}~${createHash("sha1").update(key).digest("hex")}`;
}

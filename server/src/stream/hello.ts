import type { pb } from "@fairlead/proto";
import { cleanText } from "./clean-text.ts";

/** The protocol version that this server speaks. */
export const protocolVersion = 1;

/** A checked Hello; times in Unix ms. */
export type CheckedHello = {
  agentVersion: string;
  bootId: string | null;
  instanceId: string;
  machineId: string | null;
  hostname: string | null;
  capabilities: string[];
  spool: {
    id: string;
    firstSeq: number;
    nextSeq: number;
    records: number;
    bytes: number;
    droppedRecords: number;
  } | null;
  time: number;
  bootedAt: Date | null;
};

/** The Hello, or what is wrong with it: `version` when only that. */
export function checkHello(hello: pb.Hello.$Properties): CheckedHello | { wrong: string; version?: true } {
  const version = hello.protocolVersion ?? 0;
  if (version !== protocolVersion) {
    return {
      wrong: `protocol version ${version} is not supported: this server speaks ${protocolVersion}`,
      version: true,
    };
  }
  const instanceId = hello.instanceId ?? "";
  if (instanceId === "" || instanceId.length > 128) return { wrong: "Hello.instance_id must have 1 to 128 characters" };
  const agentVersion = hello.agentVersion ?? "";
  if (agentVersion === "" || agentVersion.length > 64) {
    return { wrong: "Hello.agent_version must have 1 to 64 characters" };
  }
  const capabilities = hello.capabilities ?? [];
  if (capabilities.length > 256) return { wrong: "Hello.capabilities must hold at most 256 names" };
  const spool = readSpool(hello.spool);
  if (typeof spool === "string") return { wrong: spool };
  const booted = hello.bootedUnixMs ?? 0;
  return {
    agentVersion: cleanText(agentVersion, 64),
    bootId: optional(hello.bootId, 64),
    instanceId: cleanText(instanceId, 128),
    machineId: optional(hello.machineId, 128),
    hostname: optional(hello.hostname, 253),
    capabilities: capabilities.map((name) => cleanText(name, 64)),
    spool,
    time: hello.timeUnixMs ?? 0,
    bootedAt: plausible(booted) ? new Date(booted) : null,
  };
}

/** A time that the database and people can make sense of: between 1970 and 2100. Unix ms. */
export function plausible(time: number): boolean {
  return Number.isSafeInteger(time) && time > 0 && time < 4_102_444_800_000;
}

function readSpool(spool: pb.SpoolState.$Properties | null | undefined): CheckedHello["spool"] | string {
  if (spool === null || spool === undefined) return null;
  const id = spool.spoolId ?? "";
  if (id === "" || id.length > 128) return "Hello.spool.spool_id must have 1 to 128 characters";
  const firstSeq = Math.max(1, spool.firstSeq ?? 1);
  const nextSeq = Math.max(1, spool.nextSeq ?? 1);
  if (!Number.isSafeInteger(nextSeq) || firstSeq > nextSeq) return "Hello.spool.first_seq is past next_seq";
  return {
    id: cleanText(id, 128),
    firstSeq,
    nextSeq,
    records: count(spool.records),
    bytes: count(spool.bytes),
    droppedRecords: count(spool.droppedRecords),
  };
}

function count(value: number | null | undefined): number {
  return Number.isSafeInteger(value) ? (value as number) : 0;
}

function optional(text: string | null | undefined, max: number): string | null {
  return text ? cleanText(text, max) : null;
}

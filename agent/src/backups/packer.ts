import { randomUUID } from "node:crypto";
import { createChild } from "../child/child.ts";
import type { PackerAnswer, PackerRequest } from "./packer-requests.ts";

type Work = Extract<PackerRequest, { job: string }>;
type WithoutJob<T> = T extends { job: string } ? Omit<T, "job"> : never;

/** Reads and writes archives in a process of its own, which ends with the last of its jobs. */
export type Packer = {
  able(path: string): Promise<PackerAnswer["able"]>;
  /** `onBytes` is told now and then how many bytes have passed. */
  work<K extends "pack" | "fill" | "check">(
    request: Extract<WithoutJob<Work>, { do: K }>,
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<PackerAnswer[K]>;
};

/** setTimeout takes no more; a job has no end of its own, it is cancelled. */
const foreverMs = 2_000_000_000;
const lookMs = 500;

/** A packer for one command. */
export function createPacker(): Packer {
  const child = createChild("backup", { keepMs: 0 });
  return {
    async able(path) {
      return (await child.call({ do: "able", path }, { deadlineMs: 20_000 })) as PackerAnswer["able"];
    },
    async work(request, onBytes, signal) {
      const job = randomUUID();
      let asking = false;
      const look = setInterval(() => {
        if (asking) return;
        asking = true;
        const asked = child.call({ do: "progress", job }, { deadlineMs: foreverMs });
        const told = asked.then((answer) => onBytes((answer as PackerAnswer["progress"]).bytes));
        told
          .catch(() => undefined)
          .finally(() => {
            asking = false;
          });
      }, lookMs);
      try {
        return (await child.call({ ...request, job }, { deadlineMs: foreverMs, signal })) as never;
      } finally {
        clearInterval(look);
      }
    },
  };
}

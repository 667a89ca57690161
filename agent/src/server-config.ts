import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { pb } from "@fairlead/proto";
import * as z from "zod/mini";
import { writeFileAtomic } from "./state-file.ts";

const schema = z.object({
  intervalSeconds: z.int().check(z.gte(1), z.lte(300)),
  disabledCollectors: z.array(z.string()),
  paused: z.boolean(),
});

/** How the server wants this agent to work. */
export type ServerConfig = z.infer<typeof schema>;

export const defaultServerConfig: ServerConfig = { intervalSeconds: 10, disabledCollectors: [], paused: false };

/** A Config frame with what it may lack filled in and what it may exaggerate bounded. */
export function readConfigFrame(frame: pb.Config.$Properties): ServerConfig {
  const asked = frame.intervalSeconds ?? 0;
  return {
    intervalSeconds: asked === 0 ? defaultServerConfig.intervalSeconds : Math.min(300, Math.max(1, asked)),
    disabledCollectors: (frame.disabledCollectors ?? [])
      .filter((name) => /^[a-z][a-z0-9-]{0,63}$/.test(name))
      .slice(0, 64)
      .sort(),
    paused: frame.paused === true,
  };
}

/** What the server last said, for a start without it; undefined when it never did. */
export function loadServerConfig(stateDir: string): ServerConfig | undefined {
  try {
    return z.parse(schema, JSON.parse(readFileSync(join(stateDir, "server-config.json"), "utf8")));
  } catch {
    return undefined;
  }
}

/** Throws what the file system throws. */
export function saveServerConfig(stateDir: string, config: ServerConfig): void {
  writeFileAtomic(join(stateDir, "server-config.json"), `${JSON.stringify(config)}\n`, { sync: false });
}

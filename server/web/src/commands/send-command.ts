import { post } from "../api/client.ts";
import type { Command } from "../api/types.ts";

/** A new command; the key makes a repeated click or a retry one command. */
export function sendCommand(
  serverId: string,
  type: string,
  args: Record<string, unknown>,
  key: string,
): Promise<Command> {
  return post<Command>("commands", { serverId, type, args }, { "idempotency-key": key });
}

/** A key that no other command has. randomUUID is missing on plain http from elsewhere. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

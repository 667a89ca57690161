import { isOpen, type OwnCommand } from "./own-commands.ts";
import type { Watched } from "./watch.ts";

/** How long a container may settle after a command of ours ended. */
export const settleMs = 30_000;

/** Names that a container has only while it is replaced. */
const replacement = /-fairlead-(?:old|new)-[0-9a-z]{1,16}$/;

/** Knows which containers we touch ourselves, so that what we do raises no alert about their state. */
export type Muting = {
  /** Notes what became of a command; returns when its container should be looked at again, or null while it is open. */
  note(command: OwnCommand, now: number): number | null;
  /**
   * Why the container's state tells of our own doing: a command is open or just ended, it only exists while another is
   * replaced, or we stopped it. Null: it does not.
   */
  why(watched: Watched, now: number): "busy" | "replacement" | "stopped" | null;
  /** True while a command on this container is open or just ended. */
  isBusy(watched: Watched, now: number): boolean;
  clear(): void;
};

export function createMuting(): Muting {
  const busy = new Map<string, { command: OwnCommand; until: number }>();
  /** Containers that we stopped, by server. */
  const stopped = new Map<string, Map<string, OwnCommand>>();

  function isBusy(watched: Watched, now: number): boolean {
    for (const [id, { command, until }] of busy) {
      if (until <= now) busy.delete(id);
      else if (command.serverId === watched.server.id && isAbout(command, watched)) return true;
    }
    return false;
  }

  return {
    note(command, now) {
      const until = isOpen(command) ? Number.POSITIVE_INFINITY : (command.finishedAt ?? now) + settleMs;
      if (until > now) busy.set(command.id, { command, until });
      if (command.status === "succeeded") {
        const here = stopped.get(command.serverId) ?? new Map<string, OwnCommand>();
        stopped.set(command.serverId, here);
        if (command.type === "container.stop") here.set(command.container, command);
        else here.delete(command.container);
      }
      return Number.isFinite(until) ? until : null;
    },
    why(watched, now) {
      if (watched.kind !== "container") return null;
      if (replacement.test(watched.key)) return "replacement";
      if (isBusy(watched, now)) return "busy";
      for (const [container, command] of stopped.get(watched.server.id) ?? []) {
        if (!isAbout(command, watched)) continue;
        // It may take a report until the stop shows.
        if (watched.state !== "running" || (command.finishedAt ?? now) + settleMs > now) return "stopped";
        stopped.get(watched.server.id)?.delete(container);
      }
      return null;
    },
    isBusy,
    clear() {
      busy.clear();
      stopped.clear();
    },
  };
}

/** True when the command names this container, by its name or (a part of) its id. */
export function isAbout(command: OwnCommand, watched: Watched): boolean {
  if (command.container === "") return false;
  if (watched.key === command.container || watched.key.replace(replacement, "") === command.container) return true;
  const id = watched.attributes.id;
  return typeof id === "string" && command.container.length >= 12 && id.startsWith(command.container);
}

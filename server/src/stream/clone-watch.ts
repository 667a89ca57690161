/** One agent process that showed a certificate. */
export type Instance = { instanceId: string; bootId: string | null; machineId: string | null };

/**
 * Tells copies of an agent from restarts. After a restart the old process never comes back; when one does after another
 * took its place, both live. A different machine id beside an open session needs no such proof.
 */
export type CloneWatch = {
  /** Notes the newcomer. True: a clone. `besides`: the process whose session is open and was heard lately. */
  arrive(serverId: string, newcomer: Instance, besides: Instance | undefined): boolean;
  forget(serverId: string): void;
};

const remembered = 8;

export function createCloneWatch(): CloneWatch {
  /** Processes by server, the newest last. */
  const seen = new Map<string, Instance[]>();
  return {
    arrive(serverId, newcomer, besides) {
      const list = seen.get(serverId) ?? [];
      const at = list.findIndex((i) => i.instanceId === newcomer.instanceId);
      const cameBack = at >= 0 && at < list.length - 1;
      if (at >= 0) list.splice(at, 1);
      list.push(newcomer);
      if (list.length > remembered) list.shift();
      seen.set(serverId, list);
      const otherMachine =
        besides !== undefined &&
        besides.instanceId !== newcomer.instanceId &&
        besides.machineId !== null &&
        newcomer.machineId !== null &&
        besides.machineId !== newcomer.machineId;
      return cameBack || otherMachine;
    },
    forget: (serverId) => void seen.delete(serverId),
  };
}

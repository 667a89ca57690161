/** Where a command is. */
export type CommandStatus =
  | "queued"
  | "sent"
  | "accepted"
  | "running"
  | "succeeded"
  | "failed"
  | "rolled_back"
  | "expired"
  | "cancelled";

/** What happens to a command. `late`: the server gave up waiting for it. */
export type CommandEvent =
  | { type: "send" }
  | { type: "accept" }
  | { type: "run" }
  | { type: "finish"; status: "succeeded" | "failed" | "rolled_back" | "expired" | "cancelled" }
  | { type: "late" }
  | { type: "cancel" };

const order = { queued: 0, sent: 1, accepted: 2, running: 3 } as const;

/** True when nothing more is expected. */
export function isFinal(status: CommandStatus): boolean {
  return !Object.hasOwn(order, status);
}

/**
 * The status after the event, or undefined where the event changes nothing: doubles, steps back, and what comes after
 * the end. The agent's own result wins over the server's having given up, because the agent knows what it did.
 */
export function nextStatus(status: CommandStatus, event: CommandEvent): CommandStatus | undefined {
  switch (event.type) {
    case "send":
      return status === "queued" ? "sent" : undefined;
    case "accept":
      return forward(status, "accepted");
    case "run":
      return forward(status, "running");
    case "finish":
      if (!isFinal(status)) return event.status;
      return status === "expired" && event.status !== "expired" ? event.status : undefined;
    case "late":
      return isFinal(status) ? undefined : "expired";
    case "cancel":
      return status === "queued" ? "cancelled" : undefined;
    default:
      return event satisfies never;
  }
}

function forward(status: CommandStatus, to: "accepted" | "running"): CommandStatus | undefined {
  if (isFinal(status)) return undefined;
  return order[status as keyof typeof order] < order[to] ? to : undefined;
}

/** How long after its deadline a command that was sent but not accepted counts as lost, milliseconds. */
export const sentGrace = 60_000;
/** The same for one that was accepted or runs. */
export const runningGrace = 3_600_000;

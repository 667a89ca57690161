import type { pb } from "@fairlead/proto";
import { parseImageReference } from "@fairlead/shared/image-reference";

/** A command as the server asked for it, checked. */
export type ParsedCommand =
  | { type: "agent.ping" | "host.refresh"; args: Record<string, never> }
  | { type: "container.start"; args: { container: string } }
  | { type: "container.stop" | "container.restart"; args: { container: string; timeoutSeconds: number } }
  | { type: "container.update"; args: UpdateArguments };

/** Seconds; 0 = default. */
export type UpdateArguments = { container: string; image: string; stableSeconds: number; healthTimeoutSeconds: number };

const maxSeconds = 86_400;

/** Type and arguments of a command, or why they can't be accepted: argument, value, remedy. */
export function parseCommand(
  command: pb.Command.$Properties | pb.Command.$Shape,
): ParsedCommand | { type: string; error: string } {
  if (command.agentPing) return { type: "agent.ping", args: {} };
  if (command.hostRefresh) return { type: "host.refresh", args: {} };
  if (command.containerStart) {
    const container = command.containerStart.container ?? "";
    return checked("container.start", [containerError(container)], { type: "container.start", args: { container } });
  }
  if (command.containerStop || command.containerRestart) {
    const type = command.containerStop ? "container.stop" : "container.restart";
    const { container, timeoutSeconds } = command.containerStop ?? command.containerRestart ?? {};
    const args = { container: container ?? "", timeoutSeconds: timeoutSeconds ?? 0 };
    const errors = [containerError(args.container), secondsError("timeoutSeconds", args.timeoutSeconds)];
    return checked(type, errors, { type, args });
  }
  if (command.containerUpdate) {
    const { container, image, stableSeconds, healthTimeoutSeconds } = command.containerUpdate;
    const args = {
      container: container ?? "",
      image: image ?? "",
      stableSeconds: stableSeconds ?? 0,
      healthTimeoutSeconds: healthTimeoutSeconds ?? 0,
    };
    const errors = [
      containerError(args.container),
      imageError(args.image),
      secondsError("stableSeconds", args.stableSeconds),
      secondsError("healthTimeoutSeconds", args.healthTimeoutSeconds),
    ];
    return checked("container.update", errors, { type: "container.update", args });
  }
  return { type: "unknown", error: "this agent does not know the command: update the agent" };
}

function checked(type: string, errors: (string | undefined)[], command: ParsedCommand) {
  const error = errors.find((text) => text !== undefined);
  return error === undefined ? command : { type, error };
}

// The engine's own rule for names; ids fit it too. https://github.com/moby/moby/blob/master/daemon/names/names.go
function containerError(name: string): string | undefined {
  if (name === "") return "container: is empty: give a container's name or id";
  if (name.length > 255) return "container: is longer than 255 characters: give a container's name or id";
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) return undefined;
  return `container: ${short(name)} is no container name: letters, digits, and after the first also _ . -`;
}

function imageError(image: string): string | undefined {
  const parsed = parseImageReference(image);
  return parsed.ok ? undefined : `image: ${short(image)} ${parsed.error}: give a reference like nginx:1.27`;
}

function secondsError(name: string, seconds: number): string | undefined {
  const fits = Number.isInteger(seconds) && seconds >= 0 && seconds <= maxSeconds;
  return fits ? undefined : `${name}: ${seconds} is out of range: give 0 (default) to ${maxSeconds}`;
}

function short(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

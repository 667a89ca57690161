import { containerError, secondsError, short } from "../argument-checks.ts";
import { checked, type GivenCommand, type Parsed } from "./checked.ts";

/** Starting and ending of containers; undefined for another command. */
export function parsePower(given: GivenCommand): Parsed | undefined {
  const plain = given.containerStart ?? given.containerPause ?? given.containerUnpause;
  if (plain) {
    const type = given.containerStart
      ? "container.start"
      : given.containerPause
        ? "container.pause"
        : "container.unpause";
    const container = plain.container ?? "";
    return checked([containerError(container)], { type, args: { container } });
  }
  const ending = given.containerStop ?? given.containerRestart;
  if (ending) {
    const type = given.containerStop ? "container.stop" : "container.restart";
    const args = { container: ending.container ?? "", timeoutSeconds: ending.timeoutSeconds ?? 0 };
    return checked([containerError(args.container), secondsError("timeoutSeconds", args.timeoutSeconds)], {
      type,
      args,
    });
  }
  if (given.containerKill) {
    const args = { container: given.containerKill.container ?? "", signal: given.containerKill.signal ?? "" };
    return checked([containerError(args.container), signalError(args.signal)], { type: "container.kill", args });
  }
  if (given.containerRemove) {
    const { container, force, volumes } = given.containerRemove;
    const args = { container: container ?? "", force: force ?? false, volumes: volumes ?? false };
    return checked([containerError(args.container)], { type: "container.remove", args });
  }
  return undefined;
}

function signalError(signal: string): string | undefined {
  if (signal === "" || /^(SIG)?[A-Z0-9+-]{1,12}$/.test(signal)) return undefined;
  return `signal: ${short(signal)} is no signal: give one like SIGTERM`;
}

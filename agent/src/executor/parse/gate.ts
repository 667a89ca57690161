import type { pb } from "@fairlead/proto";
import { secondsError, short } from "../argument-checks.ts";
import type { GateSpec } from "../container-command.ts";

/** A gate as it was asked for, or what is wrong with it. */
export function gateOf(given: pb.Gate.$Properties): GateSpec | string {
  const timeoutSeconds = given.timeoutSeconds ?? 0;
  const late = secondsError("gates.timeoutSeconds", timeoutSeconds);
  if (late !== undefined) return late;
  if (given.exec) {
    const command = [...(given.exec.command ?? [])];
    return command[0] ? { kind: "exec", command, timeoutSeconds } : "gates.exec.command: is empty: give a program";
  }
  const port = given.tcp?.port ?? given.http?.port ?? 0;
  if (!given.tcp && !given.http) return "gates: one of an unknown kind: update the agent";
  if (port < 1 || port > 65_535)
    return `gates.port: ${port} is out of range: give the container's own port, 1 to 65535`;
  if (given.tcp) return { kind: "tcp", port, timeoutSeconds };
  const { path, status, contains, tls } = given.http ?? {};
  const wanted = path || "/";
  if (!/^\/[\x21-\x7e]*$/.test(wanted))
    return `gates.http.path: ${short(wanted)}: give one that begins with / and has no blanks`;
  return {
    kind: "http",
    port,
    path: wanted,
    status: status ?? "",
    contains: contains ?? "",
    tls: tls ?? false,
    timeoutSeconds,
  };
}

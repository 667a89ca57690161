import type { Finished, Host } from "../host/host.ts";
import { complaintOf } from "./complaint.ts";

const deadlineMs = 20_000;

/**
 * Runs a program outside the agent's own service where systemd runs it: in there /sys and /var/lib can't be written to.
 * Elsewhere it runs as it is.
 */
export async function runOutside(
  host: Host,
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Finished> {
  const options = { deadlineMs, signal };
  if (!hasSystemd(host)) return await host.run(file, args, options);
  return await host.run("systemd-run", ["--quiet", "--collect", "--wait", "--pipe", "--", file, ...args], options);
}

/**
 * Starts `FILE ARGS... PATH`, which runs for hours, so that it outlives the agent: with systemd as a service of its own
 * and in the foreground of that (`-B`, as btrfs calls it), elsewhere in the background. Throws where it did not start.
 */
export async function startOutside(
  host: Host,
  file: string,
  args: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const options = { deadlineMs, signal };
  const done = hasSystemd(host)
    ? await host.run("systemd-run", ["--quiet", "--collect", "--", file, ...args, "-B", path], options)
    : await host.run("sh", ["-c", inBackground, file, ...args, path], options);
  if (done.code !== 0) throw new Error(`${[file, ...args].join(" ")}: ${complaintOf(done)}`);
}

function hasSystemd(host: Host): boolean {
  return host.readDir("/run/systemd/system") !== undefined;
}

// What stays in the background must not hold the pipe that we read to its end.
const inBackground = `said=$(mktemp) || exit 1
"$0" "$@" >"$said" 2>&1 </dev/null
code=$?
cat "$said" >&2
rm -f "$said"
exit $code`;

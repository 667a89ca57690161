import { TaskError } from "../child/child.ts";
import { readingsFromChild } from "../child/readings.ts";
import type { Reading } from "../collectors/collector.ts";
import { NotHere } from "../collectors/collector.ts";
import { packageHint } from "../host/distribution.ts";
import { createHost, type Host } from "../host/host.ts";
import type { DriveList, PassArguments } from "../smart/requests.ts";
import { askSmart, findSmartctl } from "../smart/smart-child.ts";
import { type CliCommand, CliError, configOf, exitCode, globals, type Io, print } from "./command.ts";
import { type Drive, describeDrive, driveOf, driveTable, matches, rawOf } from "./smart-text.ts";

const deadlineMs = 235_000;

/** `smart [DEV]`: reads the drives of this host now, without waking any. Exit 1 when one is bad or can't be read. */
export const smart: CliCommand = {
  name: "smart",
  register(program, io) {
    program
      .command("smart")
      .argument("[device]", "one drive in full: its device, a partition of it, slot, serial number or key")
      .description("drives and their health now, as smartctl tells it; sleeping ones are not woken")
      .action(async (device: string | undefined, _options, command) => {
        const { stateDir, drives: settings } = configOf(command, io);
        const host: Host = { ...createHost(), stateDir, drives: settings };
        const { drives, problem } = await readNow(host, device ?? null, io);
        const now = Date.now();
        if (device === undefined) {
          print(command, io, { drives: drives.map(withoutRaw), problem }, () => driveTable(drives, now));
        } else {
          const drive = found(host, drives, device);
          print(command, io, { ...drive, raw: rawOf(drive) }, () => describeDrive(drive, now));
          if (isBad(drive)) process.exitCode = exitCode.failed;
        }
        if (device === undefined && drives.some(isBad)) process.exitCode = exitCode.failed;
        if (problem === null) return;
        // With --json it stands there.
        if (globals(command).json === true) process.exitCode = exitCode.failed;
        else throw new CliError(problem);
      });
  },
};

async function readNow(host: Host, only: string | null, io: Io): Promise<{ drives: Drive[]; problem: string | null }> {
  const smartctl = findSmartctl(host, io.env.PATH);
  if (smartctl === undefined) {
    throw new CliError(`smartctl is not installed: ${packageHint(host, "smartmontools")}`, exitCode.failed);
  }
  const request: { action: "pass" } & PassArguments = { action: "pass", rescan: true, keep: false, only };
  try {
    const list = (await askSmart(host, smartctl, request, { deadlineMs, signal: io.signal })) as DriveList;
    return { drives: readingsFromChild(list.readings).map((one: Reading) => driveOf(one)), problem: list.problem };
  } catch (error) {
    const none = error instanceof NotHere || (error instanceof TaskError && error.kind === "NotHere");
    if (none) return { drives: [], problem: null };
    throw error;
  }
}

function found(host: Host, drives: readonly Drive[], device: string): Drive {
  const drive = drives.find((one) => matches(host, device, one));
  if (drive !== undefined) return drive;
  const names = drives.map(({ labels }) => labels.device).join(", ") || "none";
  throw new CliError(`no drive ${JSON.stringify(device.slice(0, 120))}: there are ${names}`, exitCode.usage);
}

/** A warning counts: something is wrong. So does a drive that can't be read; one that has no SMART does not. */
function isBad({ state, attributes }: Drive): boolean {
  return state === "warning" || state === "critical" || state === "failed" || attributes.readError !== null;
}

function withoutRaw(drive: Drive): Drive {
  return { ...drive, attributes: { ...drive.attributes, raw: null } };
}

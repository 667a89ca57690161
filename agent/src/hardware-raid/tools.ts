import { findTool } from "../host/find-tool.ts";
import type { Finished, Host } from "../host/host.ts";
import { oneLine } from "../pools/texts.ts";
import { arcconfControllers, parseArcconf } from "./arcconf.ts";
import { parseMegacli } from "./megacli.ts";
import type { RaidReport } from "./model.ts";
import { parseSsacli } from "./ssacli.ts";
import { parseStorcli, storcliWants } from "./storcli.ts";

/** Asks the tool for one output; an output that could not be had throws. */
type Ask = (...args: string[]) => Promise<string>;

/** A vendor's tool: the names under which it is installed and how it is read. Kernel drivers it serves. */
export type RaidTool = {
  /** Stands in the keys. Dell's and HP's renamed copies have names of their own. */
  name: string;
  programs: readonly string[];
  drivers: readonly string[];
  /** Where it comes from, for doctor. */
  vendor: string;
  read(ask: Ask): Promise<RaidReport>;
};

const lsiFolders = [
  "/opt/MegaRAID/storcli",
  "/opt/MegaRAID/perccli",
  "/opt/MegaRAID/MegaCli",
  "/opt/MegaRAID/storcli2",
  "/opt/MegaRAID/perccli2",
  "/opt/lsi/storcli",
  "/opt/lsi/MegaCLI",
];
const hpFolders = [
  "/opt/smartstorageadmin/ssacli/bin",
  "/opt/hp/hpssacli/bld",
  "/opt/hp/hpssacli/bin",
  "/opt/compaq/hpacucli/bld",
];
const adaptecFolders = ["/usr/Arcconf", "/usr/Adaptec_Event_Monitor", "/opt/StorMan", "/usr/StorMan"];

/** Of tools of one vendor the first that is installed is asked. */
export const raidTools: readonly (readonly RaidTool[])[] = [
  [
    lsi("storcli", ["storcli64", "storcli"]),
    lsi("perccli", ["perccli64", "perccli"]),
    {
      name: "megacli",
      programs: inFolders(["MegaCli64", "MegaCli", "megacli", "megacli64"], lsiFolders),
      drivers: ["megaraid_sas"],
      vendor: "Broadcom (support.broadcom.com; superseded by storcli)",
      read: readMegacli,
    },
  ],
  [lsi2("storcli2"), lsi2("perccli2")],
  [hp("ssacli"), hp("hpssacli"), hp("hpacucli")],
  [
    {
      name: "arcconf",
      programs: inFolders(["arcconf"], adaptecFolders),
      drivers: ["aacraid", "smartpqi"],
      vendor: "Microchip Adaptec (storage.microsemi.com: maxView and arcconf)",
      read: readArcconf,
    },
  ],
];

function lsi(name: string, programs: readonly string[]): RaidTool {
  const vendor = name === "perccli" ? "Dell (dell.com/support: PERCCLI)" : "Broadcom (support.broadcom.com: StorCLI)";
  return {
    name,
    programs: inFolders(programs, lsiFolders),
    drivers: ["megaraid_sas", "mpt3sas"],
    vendor,
    read: readStorcli,
  };
}

/** The second generation, for controllers of the driver mpi3mr alone (MegaRAID 9600, PERC 12). */
function lsi2(name: string): RaidTool {
  const vendor =
    name === "perccli2" ? "Dell (dell.com/support: PERCCLI2)" : "Broadcom (support.broadcom.com: StorCLI2)";
  return { name, programs: inFolders([name], lsiFolders), drivers: ["mpi3mr"], vendor, read: readStorcli2 };
}

function hp(name: string): RaidTool {
  const vendor = "HPE (downloads.linux.hpe.com/SDR/repo/mcp: package ssacli)";
  return {
    name,
    programs: inFolders([name], hpFolders),
    drivers: ["hpsa", "smartpqi", "cciss"],
    vendor,
    read: readSsacli,
  };
}

function inFolders(programs: readonly string[], folders: readonly string[]): string[] {
  return [...programs, ...folders.flatMap((folder) => programs.map((program) => `${folder}/${program}`))];
}

/** The tools that are on this host, with their paths. Costs a few stats, no process. */
export function installedTools(host: Host): { tool: RaidTool; path: string }[] {
  return raidTools.flatMap((family) => {
    for (const tool of family) {
      const path = findTool(host, tool.programs);
      if (path !== undefined) return [{ tool, path }];
    }
    return [];
  });
}

const askMs = 45_000;
const maxBytes = 8 << 20;

/** Asks a program of this host, one process of it at a time: these tools lock each other out of the controller. */
export function askTool(host: Host, path: string, name: string, signal: AbortSignal): Ask {
  return async (...args) => {
    const done = await host.run(path, args, { deadlineMs: askMs, maxBytes, signal, flight: `hardware-raid ${name}` });
    // Their exit codes differ by version; what they print counts.
    if (done.stdout.trim() === "") throw new Error(`${name} ${args[0]}: ${ending(done)}`);
    return done.stdout;
  };
}

function ending({ code, signal, stderr }: Finished): string {
  const end = signal === null ? `exit code ${code}` : `ended by ${signal}`;
  return oneLine(`${end}, no output ${stderr.slice(0, 300)}`);
}

async function readStorcli(ask: Ask): Promise<RaidReport> {
  const controllers = await ask("/cALL", "show", "all", "J", "nolog");
  const wants = storcliWants(controllers);
  const problems: string[] = [];
  const more = async (wanted: boolean, ...args: string[]) =>
    wanted ? await attempt(ask(...args), problems) : undefined;
  const enclosed = await more(true, "/cALL/eALL/sALL", "show", "all", "J", "nolog");
  // Drives that hang on the controller itself have no enclosure.
  const direct = await more(hasDirectDrives(controllers), "/cALL/sALL", "show", "all", "J", "nolog");
  const volumes = await more(wants.volumes, "/cALL/vALL", "show", "all", "J", "nolog");
  const battery = await more(wants.battery, "/cALL/bbu", "show", "all", "J", "nolog");
  const vault = await more(wants.cacheVault, "/cALL/cv", "show", "all", "J", "nolog");
  const rebuilds = await more(wants.rebuild, "/cALL/eALL/sALL", "show", "rebuild", "J", "nolog");
  const report = parseStorcli({
    controllers,
    drives: [enclosed, direct].filter((one) => one !== undefined),
    batteries: [battery, vault].filter((one) => one !== undefined),
    ...(volumes === undefined ? {} : { volumes }),
    ...(rebuilds === undefined ? {} : { rebuilds }),
  });
  return withProblems(report, problems);
}

async function readStorcli2(ask: Ask): Promise<RaidReport> {
  const problems: string[] = [];
  const controllers = await ask("/cALL", "show", "J", "nolog");
  const more = (...args: string[]) => attempt(ask(...args, "J", "nolog"), problems);
  const overview = await more("show");
  const drives = await more("/cALL/eALL/sALL", "show", "all");
  const volumes = storcliWants(controllers).volumes ? await more("/cALL/vALL", "show", "all") : undefined;
  const report = parseStorcli({
    controllers,
    ...(overview === undefined ? {} : { overview }),
    ...(drives === undefined ? {} : { drives: [drives] }),
    ...(volumes === undefined ? {} : { volumes }),
  });
  return withProblems(report, problems);
}

function hasDirectDrives(controllers: string): boolean {
  return /"EID:Slt"\s*:\s*"\s*:\d+/.test(controllers);
}

async function readSsacli(ask: Ask): Promise<RaidReport> {
  return parseSsacli(await ask("ctrl", "all", "show", "config", "detail"));
}

async function readMegacli(ask: Ask): Promise<RaidReport> {
  const problems: string[] = [];
  const volumes = await ask("-LDPDInfo", "-aAll", "-NoLog");
  const drives = await attempt(ask("-PDList", "-aAll", "-NoLog"), problems);
  const adapters = await attempt(ask("-AdpAllInfo", "-aAll", "-NoLog"), problems);
  const batteries = await attempt(ask("-AdpBbuCmd", "-aAll", "-NoLog"), problems);
  const report = parseMegacli({
    volumes,
    ...(drives === undefined ? {} : { drives }),
    ...(adapters === undefined ? {} : { adapters }),
    ...(batteries === undefined ? {} : { batteries }),
  });
  return withProblems(report, problems);
}

async function readArcconf(ask: Ask): Promise<RaidReport> {
  const problems: string[] = [];
  const first = await ask("GETCONFIG", "1", "AL");
  const outputs = [];
  for (let n = 1; n <= Math.max(1, arcconfControllers(first)); n++) {
    const config = n === 1 ? first : await attempt(ask("GETCONFIG", String(n), "AL"), problems);
    const status = await attempt(ask("GETSTATUS", String(n)), problems);
    if (config !== undefined) outputs.push({ id: String(n), config, ...(status === undefined ? {} : { status }) });
  }
  return withProblems(parseArcconf(outputs), problems);
}

async function attempt(output: Promise<string>, problems: string[]): Promise<string | undefined> {
  try {
    return await output;
  } catch (error) {
    problems.push((error as Error).message);
    return undefined;
  }
}

function withProblems(report: RaidReport, problems: readonly string[]): RaidReport {
  const all = [...(report.problem === undefined ? [] : [report.problem]), ...problems];
  return { controllers: report.controllers, ...(all.length === 0 ? {} : { problem: oneLine(all.join("; ")) }) };
}

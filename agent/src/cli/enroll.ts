import { readFileSync } from "node:fs";
import { release } from "node:os";
import { enrollAgent } from "../stream/enroll.ts";
import { version as ownVersion } from "../version.ts";
import { type CliCommand, CliError, configOf, exitCode, print } from "./command.ts";

type Options = { server?: string; caSha256?: string; tokenFile?: string; force?: boolean };

/** `enroll`: exchanges a token for this host's certificate. */
export const enroll: CliCommand = {
  name: "enroll",
  register(program, io) {
    program
      .command("enroll")
      .description("get this host's certificate from the server; the token comes in FAIRLEAD_TOKEN or from a file")
      .option("--server <host:port>", "where the agent connects to (default: from the settings)")
      .option("--ca-sha256 <hex>", "SHA-256 of the server's CA (default: from the settings)")
      .option("--token-file <file>", "read the token from this file; - is standard input")
      .option("--force", "get a new identity although there is one")
      .action(async (options: Options, command) => {
        const env = { ...io.env };
        if (options.server !== undefined) env.FAIRLEAD_AGENT_SERVER = options.server;
        if (options.caSha256 !== undefined) env.FAIRLEAD_AGENT_CA_SHA256 = options.caSha256;
        const config = configOf(command, { ...io, env });
        const done = await enrollAgent(config, {
          token: readToken(options.tokenFile, io.env.FAIRLEAD_TOKEN),
          agentVersion: ownVersion,
          machineId: machineId(),
          facts: { os: osName(), kernel: release(), arch: process.arch },
          force: options.force === true,
          signal: io.signal,
        });
        print(command, io, done, ({ serverId, already }) =>
          already ? `enrolled already as ${serverId} (--force gets a new identity)` : `enrolled as ${serverId}`,
        );
      });
  },
};

function readToken(file: string | undefined, fromEnvironment: string | undefined): string {
  if (file === undefined) return fromEnvironment ?? "";
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").trim();
  } catch (cause) {
    throw new CliError(`--token-file ${file}: ${(cause as Error).message}`, exitCode.usage);
  }
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return "";
  }
}

function osName(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "Linux";
  } catch {
    return "Linux";
  }
}

import { Command, CommanderError } from "commander";
import { type Config, ConfigError, environmentNames, readConfig } from "../config.ts";
import { reachDatabase } from "../db/reach.ts";
import { startCluster } from "../embedded/cluster.ts";
import { HeldError } from "../embedded/data-dir.ts";
import { Failure } from "../failure.ts";
import { startServer } from "../server.ts";
import { resetPasswordOf } from "./reset-password.ts";
import { rotateKeys } from "./rotate-keys.ts";

type Flags = { config?: string; host?: string; port?: string; grpcPort?: string; dataDir?: string };

/** The server's command line. Returns the exit code: 0 done, 1 failed, 2 wrong use or settings. */
export async function main(args: string[]): Promise<number> {
  const program = withSettings(new Command("fairlead-server")).description(
    "Fairlead's server: stores what agents report, alerts, and sends them commands",
  );
  program
    .command("start", { isDefault: true })
    .description("run the server until it is stopped")
    .action(async () => {
      const stopAsked = signalled();
      const server = await startServer(configOf(program));
      if (server.admin.oneTimePassword !== undefined) {
        console.log(`first admin ${server.admin.email}, one-time password ${server.admin.oneTimePassword}`);
      }
      await stopAsked;
      await server.stop();
    });
  program
    .command("rotate-keys")
    .description("make a new master key and seal all secrets with it; the server may be running")
    .action(async () => {
      const config = configOf(program);
      await withDatabase(config, (databaseUrl) => rotateKeys({ config, databaseUrl, now: () => new Date(), print }));
    });
  program
    .command("reset-password <email>")
    .description("give an account a new one-time password and enable it; the server may be running")
    .action((email: string) =>
      withDatabase(configOf(program), (databaseUrl) => resetPasswordOf({ email, databaseUrl, print })),
    );
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return report(error);
  }
}

function print(line: string): void {
  console.log(line);
}

/** The configured database, or the embedded one, which is started where no server runs it. */
async function withDatabase(config: Config, work: (databaseUrl: string) => Promise<void>): Promise<void> {
  if (config.databaseUrl !== undefined) await reachDatabase(config.databaseUrl, "DATABASE_URL");
  const cluster = config.databaseUrl === undefined ? await startCluster({ dataDir: config.dataDir }) : undefined;
  try {
    await work(config.databaseUrl ?? cluster?.url ?? "");
  } finally {
    if (cluster?.adopted === false) await cluster.stop();
  }
}

/** npm hands a Ctrl-C on that the terminal gave us too: what follows within this time is the same one. */
const sameSignalMs = 1000;

/** Resolves at SIGINT or SIGTERM, asked for before the start so that none is missed; a second one ends the process at once. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (askedAt !== undefined && performance.now() - askedAt > sameSignalMs) process.exit(1);
        askedAt ??= performance.now();
        resolve();
      });
    }
  });
}

/** One line for what went wrong, and the exit code. */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = error instanceof ConfigError || error instanceof HeldError || error instanceof Failure;
  const cause = (error as Error).cause;
  const message = (error as Error).message;
  const reason = cause instanceof Error && !message.includes(cause.message) ? `: ${cause.message}` : "";
  console.error(`fairlead: ${message}${expected ? "" : reason}`);
  return error instanceof ConfigError ? 2 : 1;
}

/** The settings of `npm start -- ARGS`. Throws ConfigError or CommanderError. */
export function readStartConfig(args: string[]): Config {
  const program = withSettings(new Command("npm start --")).description("Start Fairlead with an agent for this host");
  return configOf(program.parse(args, { from: "user" }));
}

function withSettings(program: Command): Command {
  return program
    .option("-c, --config <file>", "settings in YAML (FAIRLEAD_CONFIG)")
    .option("--host <address>", "address to listen on (FAIRLEAD_HOST)")
    .option("--port <number>", "HTTP port (FAIRLEAD_HTTP_PORT)")
    .option("--grpc-port <number>", "port for agents (FAIRLEAD_GRPC_PORT)")
    .option("--data-dir <folder>", "where the database and keys lie (FAIRLEAD_DATA_DIR)")
    .showHelpAfterError("(see --help)")
    .exitOverride()
    .addHelpText("after", `\nSettings from the environment: ${Object.values(environmentNames).join(", ")}`);
}

function configOf(program: Command): Config {
  const { config, host, port, grpcPort, dataDir } = program.opts<Flags>();
  const flags: Record<string, string> = {};
  if (host !== undefined) flags.host = host;
  if (port !== undefined) flags.httpPort = port;
  if (grpcPort !== undefined) flags.grpcPort = grpcPort;
  if (dataDir !== undefined) flags.dataDir = dataDir;
  return readConfig(process.env, flags, config ?? process.env.FAIRLEAD_CONFIG);
}

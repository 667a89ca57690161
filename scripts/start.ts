// `npm start`: the server with its own PostgreSQL, the page, and an agent for this host.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readStartConfig, report, signalled } from "../server/src/cli/main.ts";
import { type RunningServer, startServer } from "../server/src/server.ts";
import { bundleAgent } from "./build-agent.ts";
import { startLocalAgent } from "./local-agent.ts";

const root = join(import.meta.dirname, "..");

async function main(): Promise<void> {
  // A terminal that was closed must not end us before we stopped everything.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const stopAsked = signalled();
  const config = readStartConfig(process.argv.slice(2));
  // The page and the agent are built while the database starts; a ready checkout has both.
  const page = buildPage();
  page.catch(() => {});
  const bundle = bundleAgent();
  bundle.catch(() => {});
  const started: { stop(): Promise<void> }[] = [];
  try {
    const server = await startServer(config);
    started.push(server);
    started.push(await startLocalAgent(server, await bundle));
    await page;
    announce(server);
    started.push(buildBinaries());
    await stopAsked;
    console.log("fairlead: stopping");
  } finally {
    for (const part of started.reverse()) await part.stop();
  }
}

/** The files that other hosts install; in a process of its own, they take a while. */
function buildBinaries(): { stop(): Promise<void> } {
  const child = spawn(process.execPath, [join(root, "scripts/build-agent.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  child.on("exit", (code) => {
    if (code === 0) console.log("  Agent binaries for x64 and arm64 are ready to be installed.\n");
    else if (code !== null) console.error("fairlead: agent binaries could not be built: npm run build:agent says why");
  });
  return {
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** In a process of its own: the bundler's memory would stay with the server. */
async function buildPage(): Promise<void> {
  const child = spawn(process.execPath, [join(root, "scripts/build-web.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error("the page could not be built: npm run build:web says why");
}

function announce({ httpPort, grpcPort, admin, ca, context }: RunningServer): void {
  const password =
    admin.oneTimePassword ??
    (context.config.adminPassword === undefined ? "the one you chose" : "from FAIRLEAD_ADMIN_PASSWORD");
  console.log(`
  Fairlead is running

  Page      ${context.config.publicUrl ?? `http://localhost:${httpPort}`}
  Sign in   ${admin.email}
  Password  ${password}${admin.oneTimePassword === undefined ? "" : "   (once: you choose your own at the first sign-in)"}
  Agents    port ${grpcPort}, CA SHA-256 ${ca.sha256}

  This host is being watched already. Ctrl-C stops everything.
`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.exit(report(error));
}

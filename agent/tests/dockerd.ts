import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import Docker from "dockerode";
import { type EngineVersion, engineRoot, inRoot } from "./engines.ts";
import {
  childrenOf,
  end,
  freePort,
  killNow,
  packBusybox,
  processesWith,
  unmountUnder,
  untilServes,
} from "./processes.ts";

/** A Docker engine of its own, with nothing in it but what the test puts there. */
export type Dockerd = {
  /** Seen by the engine at the same path, whatever root it runs in. */
  folder: string;
  socket: string;
  docker: Docker;
  /** Makes an image of nothing but busybox; `changes` are Dockerfile lines (CMD, ENV, HEALTHCHECK ...). */
  image(name: string, changes: string[]): Promise<string>;
  /** Ends the engine, at once with SIGKILL, and its containers with it. */
  halt(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  close(): Promise<void>;
};

/** A registry of its own on a free port; Docker allows plain HTTP to 127.0.0.0/8. */
export type Registry = { address: string; close(): Promise<void> };

/** A busybox that needs no libraries; empty where there is none. */
export const busybox = ["/bin/busybox", "/usr/bin/busybox"].find(isStatic) ?? "";

/** Why there can be no private engine here, or undefined. */
export const noDockerd: string | undefined = missing();

/** Why there can be no private engine of that version here, or undefined. */
export function noEngine(version: EngineVersion): string | undefined {
  if (noDockerd !== undefined) return noDockerd;
  return engineRoot(version) === undefined ? `scripts/engines.sh has not made engine ${version}` : undefined;
}

/**
 * Starts an engine in a folder of its own, on no port and without touching iptables: the one that is installed, or of
 * another Debian release.
 */
export async function startDockerd(version?: EngineVersion): Promise<Dockerd> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-dockerd-"));
  const socket = join(folder, "docker.sock");
  const docker = new Docker({ socketPath: socket, protocol: "http" });
  const net = takeNetwork();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    // A killed containerd may stay as a zombie: by its pid file it would be taken for a live one.
    for (const stale of ["pid", "exec/containerd/containerd.pid"]) rmSync(join(folder, stale), { force: true });
    const log = openSync(join(folder, "dockerd.log"), "a");
    const args = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "-H", `unix://${socket}`];
    args.push("--pidfile", join(folder, "pid"), "--bridge=none", "--iptables=false", "--ip6tables=false");
    args.push("--default-address-pool", `base=10.${20 + net}.0.0/16,size=24`);
    const root = version === undefined ? undefined : engineRoot(version);
    const [program, all] =
      root === undefined ? [find("dockerd") ?? "dockerd", args] : inRoot(root, folder, ["/usr/sbin/dockerd", ...args]);
    child = spawn(program, all, { stdio: ["ignore", log, log] });
    closeSync(log);
    await untilServes(child, { asks: () => docker.ping(), log: join(folder, "dockerd.log") });
  }

  async function halt(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const ending = child;
    child = undefined;
    await end(ending, signal, 15_000);
    killAllUnder(folder);
  }

  const atExit = () => {
    child?.kill("SIGKILL");
    killAllUnder(folder);
  };
  process.once("exit", atExit);
  await start();
  return {
    folder,
    socket,
    docker,
    start,
    halt,
    async image(name, changes) {
      const tar = packBusybox(busybox, folder);
      const stream = await docker.importImage(tar, { changes, ...split(name) } as object);
      await drain(stream);
      return (await docker.getImage(name).inspect()).Id;
    },
    async close() {
      process.off("exit", atExit);
      const containers = await docker.listContainers({ all: true }).catch(() => []);
      await Promise.all(
        containers.map(({ Id }) =>
          docker
            .getContainer(Id)
            .remove({ force: true })
            .catch(() => {}),
        ),
      );
      const networks = await docker.listNetworks().catch(() => []);
      for (const { Id } of networks)
        await docker
          .getNetwork(Id)
          .remove()
          .catch(() => {});
      await halt();
      removeBridges(`10.${20 + net}.`);
      unmountUnder(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      rmSync(join(tmpdir(), `fairlead-network-${net}`), { force: true });
    },
  };
}

/** Starts a registry; what `noDockerd` names missing would be it, too. */
export async function startRegistry(): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "config.yml");
  const text = `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/data}, delete: {enabled: true}}\nhttp: {addr: "${address}"}\n`;
  writeFileSync(config, text);
  const log = join(folder, "registry.log");
  const output = openSync(log, "a");
  const program = find("docker-registry") ?? "docker-registry";
  const child = spawn(program, ["serve", config], { stdio: ["ignore", output, output] });
  closeSync(output);
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  const asks = async () => {
    if (!(await fetch(`http://${address}/v2/`)).ok) throw new Error("not yet");
  };
  await untilServes(child, { asks, log, limitMs: 15_000 });
  return {
    address,
    async close() {
      process.off("exit", atExit);
      await end(child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Tags a local image and pushes it, so that it can be pulled by that name; the local tag is removed again. */
export async function push(docker: Docker, image: string, name: string): Promise<void> {
  await docker.getImage(image).tag(split(name));
  const { repo, tag } = split(name);
  const stream = await docker.getImage(repo).push({ tag, authconfig: { username: "", password: "" } as never });
  const said = await drain(stream);
  if (said.includes('"error"')) throw new Error(`push ${name}: ${said}`);
  await docker.getImage(name).remove();
}

function missing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  for (const program of ["dockerd", "docker-registry", "tar"]) if (!find(program)) return `${program} is not installed`;
  if (!busybox) return "busybox-static is not installed";
  return undefined;
}

function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/bin"];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isStatic(path: string): boolean {
  if (!isExecutable(path)) return false;
  const elf = readFileSync(path);
  const [table, size, count] = [Number(elf.readBigUInt64LE(32)), elf.readUInt16LE(54), elf.readUInt16LE(56)];
  const interpreter = 3;
  return !Array.from({ length: count }, (_, i) => elf.readUInt32LE(table + i * size)).includes(interpreter);
}

function split(name: string): { repo: string; tag: string } {
  const colon = name.lastIndexOf(":");
  return { repo: name.slice(0, colon), tag: name.slice(colon + 1) };
}

async function drain(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk.toString();
  return text;
}

/** A number below 200 that no other engine of a test has: its networks lie in 10.(20 + N). */
function takeNetwork(): number {
  for (let n = process.pid % 200; ; n = (n + 1) % 200) {
    const file = join(tmpdir(), `fairlead-network-${n}`);
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return n;
    } catch {
      // Of a process that is gone, or of one that lives.
      if (!existsSync(`/proc/${readText(file)}`)) rmSync(file, { force: true });
    }
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8") || "self";
  } catch {
    return "self";
  }
}

// containerd and its shims name our folder in their command line; they outlive an engine that was killed.
function killAllUnder(folder: string): void {
  for (const pid of processesWith((line) => line.includes(`${folder}/exec`))) {
    // The shim's child is the container's first process.
    if (readText(`/proc/${pid}/cmdline`).includes("shim")) killNow(...childrenOf(pid));
    killNow(pid);
  }
}

// An engine that was killed leaves its bridges behind; ours are in a range of their own.
function removeBridges(prefix: string): void {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const own = addresses?.some(({ address }) => address.startsWith(prefix)) && name.startsWith("br-");
    if (own) execFileSync("ip", ["link", "delete", name], { stdio: "ignore" });
  }
}

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { type EngineVersion, engineRoot, inRoot } from "./engines.ts";

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
    const until = Date.now() + 30_000;
    for (;;) {
      try {
        await docker.ping();
        return;
      } catch (cause) {
        if (child.exitCode === null && Date.now() < until) await delay(50);
        else throw new Error(`dockerd: ${tail(join(folder, "dockerd.log"))}`, { cause });
      }
    }
  }

  async function halt(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending && ending.exitCode === null) {
      const ended = once(ending, "exit");
      ending.kill(signal);
      const late = setTimeout(() => ending.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
    }
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
      const root = join(folder, "image");
      mkdirSync(join(root, "bin"), { recursive: true });
      for (const made of ["tmp", "data", "proc", "dev", "sys", "etc"]) mkdirSync(join(root, made), { recursive: true });
      copyFileSync(busybox, join(root, "bin/busybox"));
      chmodSync(join(root, "bin/busybox"), 0o755);
      const tar = join(folder, "image.tar");
      execFileSync("tar", ["-C", root, "-cf", tar, "."]);
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
  const child = spawn(find("docker-registry") ?? "docker-registry", ["serve", config], { stdio: "ignore" });
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  const until = Date.now() + 15_000;
  while (!(await fetch(`http://${address}/v2/`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null || Date.now() > until) throw new Error("docker-registry did not start");
    await delay(50);
  }
  return {
    address,
    async close() {
      process.off("exit", atExit);
      const ended = child.exitCode === null ? once(child, "exit") : undefined;
      child.kill("SIGTERM");
      await ended;
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

// containerd and its shims name our folder in their command line; they outlive an engine that was killed.
function killAllUnder(folder: string): void {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  for (const pid of pids) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (!line.includes(`${folder}/exec`) || line.includes("vitest")) continue;
      // The shim's child is the container's first process.
      for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")) {
        if (child && line.includes("shim")) process.kill(Number(child), "SIGKILL");
      }
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}

function unmountUnder(folder: string): void {
  const points = readFileSync("/proc/mounts", "utf8").split("\n");
  const own = points.map((line) => line.split(" ")[1] ?? "").filter((point) => point.startsWith(`${folder}/`));
  for (const point of own.reverse()) {
    try {
      execFileSync("umount", ["-l", point], { stdio: "ignore" });
    } catch {
      // Gone with the one that it was mounted in.
    }
  }
}

// An engine that was killed leaves its bridges behind; ours are in a range of their own.
function removeBridges(prefix: string): void {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const own = addresses?.some(({ address }) => address.startsWith(prefix)) && name.startsWith("br-");
    if (own) execFileSync("ip", ["link", "delete", name], { stdio: "ignore" });
  }
}

function tail(path: string): string {
  return readFileSync(path, "utf8").slice(-2_000);
}

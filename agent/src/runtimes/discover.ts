import { close, constants, fstat, open } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { createGuard } from "../host/guard.ts";
import { askedSocket, dockerSocket } from "./docker/socket.ts";
import { RuntimeFailure } from "./runtime.ts";

/** A runtime as the configuration names it. `socket`: absolute path. */
export type RuntimeSettings = { name: string; type: "docker" | "podman"; socket: string };

/** A runtime that may be here. */
export type Candidate = {
  name: string;
  /** What to connect to. */
  socket: string;
  /** The socket's path as people know it. */
  shown: string;
  /** The configuration names it, so it is missed when it is not there. */
  configured: boolean;
  /** What is to be expected there, where that is known. */
  type?: "docker" | "podman";
  /** Served by a process of another user than the agent's, who may answer what he likes. */
  foreign: boolean;
  /** Why it can't be used, known without asking it. */
  failure?: RuntimeFailure;
};

export type DiscoverOptions = {
  /** Where it names some, nothing is looked for. */
  configured?: readonly RuntimeSettings[] | undefined;
  /** Docker's socket where it is not at its usual place. */
  dockerSocket?: string | undefined;
  /** Where the default sockets are looked up; "/" unless told. */
  root?: string | undefined;
  env?: NodeJS.ProcessEnv;
  /** The agent's own user. */
  uid?: number;
};

const podmanSocket = "/run/podman/podman.sock";
const mostOfUsers = 50;
/** A user's service may be made anew so often before it is let go of. */
const mostSocketsOfUser = 32;
const answerMs = 1_000;

/**
 * Makes a look for runtimes: sockets of the system first, then those of users, in a steady order. Without any it costs
 * a few stats. Of another user's sockets only those count that are his own, and each is held open, so that a link put in
 * its place later leads nowhere else.
 */
export function createDiscover(options: DiscoverOptions): () => Promise<Candidate[]> {
  const { configured = [], root = "/", env = process.env, uid = process.getuid?.() ?? -1 } = options;
  const under = (path: string) => (root === "/" ? path : root.replace(/\/+$/, "") + path);
  const users = createUserSockets(under, uid);
  if (configured.length > 0) {
    const fixed = configured.map(({ name, type, socket }) => {
      return { name, type, socket, shown: socket, configured: true, foreign: false };
    });
    return async () => fixed;
  }
  return async () => {
    const found: Candidate[] = [];
    const podman = under(podmanSocket);
    const add = (name: string, socket: string) =>
      found.push({ name, socket, shown: socket, configured: false, foreign: false });
    try {
      const own = options.dockerSocket;
      const docker = own || env.DOCKER_HOST ? dockerSocket(own, env) : under(dockerSocket(own, env));
      // The package podman-docker makes Docker's socket a link to Podman's.
      if ((await isThere(docker)) && !(await isSame(docker, podman))) add("docker", docker);
    } catch (error) {
      const failure = error instanceof RuntimeFailure ? error : new RuntimeFailure("refused", String(error));
      const docker = { name: "docker", socket: "", shown: "", configured: true, foreign: false };
      found.push({ ...docker, failure });
    }
    if (await isThere(podman)) add("podman", podman);
    found.push(...(await users()));
    return found;
  };
}

/** What is looked for, to say that it is not there. */
export function placesOf({ configured = [], dockerSocket: own, env }: DiscoverOptions): string {
  if (configured.length > 0) return configured.map(({ socket }) => socket).join(", ");
  return `${askedSocket(own, env)}, ${podmanSocket}`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // What may not be looked at is told of when it is opened.
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  try {
    return (await realpath(one)) === (await realpath(other));
  } catch {
    return false;
  }
}

type Held = { fd: number; ino: number; used: number };

function createUserSockets(under: (path: string) => string, uid: number): () => Promise<Candidate[]> {
  const held = new Map<string, Held>();
  const last = new Map<number, Candidate[]>();
  // A user may put a file system of his own there, which does not answer.
  const guard = createGuard(1);

  async function one(name: string, user: number, path: string): Promise<Candidate | undefined> {
    const found = await lstat(path).catch(() => undefined);
    if (!found?.isSocket() || found.uid !== user) return undefined;
    if (user === uid) return { name, socket: path, shown: path, configured: false, foreign: false };
    const known = held.get(name);
    if (known?.ino !== found.ino) {
      if ((known?.used ?? 0) >= mostSocketsOfUser) return undefined;
      const fd = await hold(path, user).catch(() => undefined);
      if (fd === undefined) return undefined;
      // What was opened before stays open: it may still be used, and its number must not become another file's.
      held.set(name, { fd, ino: found.ino, used: (known?.used ?? 0) + 1 });
    }
    return { name, socket: `/proc/self/fd/${held.get(name)?.fd}`, shown: path, configured: false, foreign: true };
  }

  return async () => {
    const names = await readdir(under("/run/user")).catch(() => []);
    const ids = names.filter((name) => /^[1-9]\d{0,9}$/.test(name)).map(Number);
    const mine = ids.filter((id) => uid === 0 || id === uid).sort((a, b) => a - b);
    for (const id of last.keys()) if (!mine.includes(id)) last.delete(id);
    const found: Candidate[] = [];
    for (const id of mine) {
      const folder = under(`/run/user/${id}`);
      const look = async () => {
        const docker = await one(`docker-${id}`, id, `${folder}/docker.sock`);
        const podman = await one(`podman-${id}`, id, `${folder}/podman/podman.sock`);
        return [docker, podman].filter((candidate) => candidate !== undefined);
      };
      // While one user's file system hangs the others are not looked at: what they had is still theirs.
      const there = await guard(folder, answerMs, look).catch(() => last.get(id) ?? []);
      last.set(id, there);
      found.push(...there);
      if (found.length >= mostOfUsers) break;
    }
    return found;
  };
}

// Linux: a handle that can only be named, not read.
const onlyName = 0o10000000;

async function hold(path: string, user: number): Promise<number> {
  const fd = await promisify(open)(path, onlyName | constants.O_NOFOLLOW);
  const found = await promisify(fstat)(fd);
  if (found.isSocket() && found.uid === user) return fd;
  await promisify(close)(fd);
  throw new Error(`${path} is no socket of user ${user}`);
}

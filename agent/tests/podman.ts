import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { busybox } from "./dockerd.ts";
import { childrenOf, end, killNow, packBusybox, processesWith, unmountUnder, untilServes } from "./processes.ts";

/** A Podman service of its own, on folders of its own; its containers outlive the service, as they do on a real host. */
export type Podman = {
  socket: string;
  docker: Docker;
  /** Makes "localhost/NAME" out of nothing but busybox; `changes` are Dockerfile lines. HEALTHCHECK is not among them. */
  image(name: string, changes: string[]): Promise<string>;
  /** Runs the podman program on the same folders. */
  cli(...args: string[]): string;
  /** The same as systemd does for a unit. */
  cliOfUnit(unit: string, ...args: string[]): string;
  /** Ends the service, at once with SIGKILL; containers go on. */
  halt(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

/** What holds the namespaces of a pod together; a test with pods makes it. */
export const pauseImage = "localhost/pause:1";

const podman = "/usr/bin/podman";
const runc = "/usr/sbin/runc";

/** Why there can be no private Podman here, or undefined. */
export const noPodman: string | undefined = missing();

/**
 * Starts a service; plain HTTP to 127.0.0.1 is allowed. `socket`: where it listens, in its folder unless told. `isolated`: in
 * a network namespace of its own, where its networks and their iptables rules disturb nobody, but no registry can be reached.
 */
export async function startPodman(options: { socket?: string; isolated?: boolean } = {}): Promise<Podman> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-podman-"));
  const socket = options.socket ?? join(folder, "podman.sock");
  const docker = new Docker({ socketPath: socket, protocol: "http" });
  // crun refuses mixed cgroups, and a container may not raise the limits of the tests' own process.
  writeFileSync(
    join(folder, "containers.conf"),
    '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n' +
      `[engine]\ninfra_image = "${pauseImage}"\ninfra_command = "/bin/busybox sleep 100000"\n`,
  );
  writeFileSync(
    join(folder, "registries.conf"),
    'short-name-mode = "disabled"\n[[registry]]\nlocation = "127.0.0.1"\ninsecure = true\n',
  );
  const env = {
    ...process.env,
    CONTAINERS_CONF: join(folder, "containers.conf"),
    CONTAINERS_REGISTRIES_CONF: join(folder, "registries.conf"),
  };
  const folders = ["root", "runroot", "tmpdir", "network-config-dir"].flatMap((name) => [
    `--${name}`,
    join(folder, name),
  ]);
  const base = [...folders, "--runtime", runc, "--cgroup-manager", "cgroupfs", "--events-backend", "file"];
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    rmSync(socket, { force: true });
    const log = openSync(join(folder, "podman.log"), "a");
    const args = [...base, "system", "service", "--time=0", `unix://${socket}`];
    const script = 'ip link set lo up; mkdir -p /var/lib/cni; mount -t tmpfs tmpfs /var/lib/cni; exec "$@"';
    const alone = ["-n", "-m", "sh", "-c", script, "sh"];
    const [program, all] = options.isolated ? ["unshare", [...alone, podman, ...args]] : [podman, args];
    child = spawn(program, all, { env, stdio: ["ignore", log, log] });
    closeSync(log);
    await untilServes(child, { asks: () => docker.ping(), log: join(folder, "podman.log") });
  }

  async function halt(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const ending = child;
    child = undefined;
    await end(ending, signal);
  }

  const cli = (withEnv: NodeJS.ProcessEnv, args: string[]) =>
    execFileSync(podman, [...base, ...args], { env: withEnv, stdio: ["ignore", "pipe", "pipe"] }).toString();
  const atExit = () => {
    child?.kill("SIGKILL");
    killAllUnder(folder);
  };
  process.once("exit", atExit);
  await start();
  return {
    socket,
    docker,
    start,
    halt,
    cli: (...args) => cli(env, args),
    cliOfUnit: (unit, ...args) => cli({ ...env, PODMAN_SYSTEMD_UNIT: unit }, args),
    async image(name, changes) {
      const tar = packBusybox(busybox, folder);
      const stream = await docker.importImage(tar, { changes, repo: `localhost/${name}` } as object);
      for await (const _ of stream);
      return (await docker.getImage(`localhost/${name}`).inspect()).Id;
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
      await halt();
      killAllUnder(folder);
      unmountUnder(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function missing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  for (const program of [podman, runc, "/usr/bin/conmon"])
    if (!existsSync(program)) return `${program} is not installed`;
  return busybox === "" ? "busybox-static is not installed" : undefined;
}

// Each container has a conmon that names our folder; the container is its child.
function killAllUnder(folder: string): void {
  const isOurs = (line: string) => line.startsWith("/usr/bin/conmon") && line.includes(`${folder}/`);
  for (const pid of processesWith(isOurs)) killNow(...childrenOf(pid), pid);
}

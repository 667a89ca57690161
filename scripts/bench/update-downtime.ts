import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { type Dockerd, noDockerd, noEngine, push, startDockerd, startRegistry } from "../../agent/tests/dockerd.ts";
import { engineRoot } from "../../agent/tests/engines.ts";
import { pulled, stage } from "../../agent/tests/update-stage.ts";
import { freePort } from "./cold-start.ts";

const rounds = Number(process.env.FAIRLEAD_BENCH_RUNS ?? 7);
const pollMs = 2;
const run = promisify(execFile);

/**
 * How long a web server in a container does not answer while its image is replaced: by our update, by stop, remove,
 * create and start as usual tools do it, and by `docker compose up -d`. Median of the rounds, taken in turns.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  if (noDockerd !== undefined) throw new Error(noDockerd);
  const version = noEngine("28") === undefined ? "28" : undefined;
  const folder = mkdtempSync(join(tmpdir(), "fairlead-downtime-"));
  const [engine, registry] = await Promise.all([startDockerd(version), startRegistry()]);
  const actor = await stage(engine, join(folder, "state"));
  try {
    const app = `${registry.address}/web`;
    const port = await freePort();
    const serve = `/bin/busybox httpd -f -p 127.0.0.1:${port} -h /bin & trap "exit 0" TERM; wait`;
    for (const tag of ["1", "2"]) {
      await engine.image("made:x", [
        `CMD ${JSON.stringify(["/bin/busybox", "sh", "-c", serve])}`,
        `ENV RELEASE=${tag}`,
        `HEALTHCHECK --interval=1s --timeout=1s CMD ${JSON.stringify(["/bin/busybox", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}/busybox`])}`,
      ]);
      await push(engine.docker, "made:x", `${app}:${tag}`);
      // Pulling is no downtime for anyone.
      await pulled(engine, `${app}:${tag}`);
    }
    const compose = composeOf();
    const file = join(folder, "compose.yaml");
    const write = (image: string) =>
      writeFileSync(
        file,
        `name: bench\nservices: {web: {image: "${image}", network_mode: host, container_name: composed}}\n`,
      );
    const up = async () => {
      await run(compose ?? "", ["-f", file, "up", "-d"], {
        env: { ...process.env, DOCKER_HOST: `unix://${engine.socket}`, HOME: folder },
      });
    };
    const ways: Record<string, { begin: () => Promise<void>; change: (tag: string) => Promise<void>; name: string }> = {
      fairlead: {
        name: "updated",
        begin: () => create(engine, "updated", `${app}:1`),
        change: async (tag) => {
          const ended = await actor.run({
            containerUpdate: { container: "updated", image: `${app}:${tag}`, stableSeconds: 1 },
          });
          if (ended.status !== "SUCCEEDED") throw new Error(ended.reason);
        },
      },
      recreate: {
        name: "recreated",
        begin: () => create(engine, "recreated", `${app}:1`),
        change: async (tag) => {
          await pulled(engine, `${app}:${tag}`);
          const old = engine.docker.getContainer("recreated");
          await old.inspect();
          await old.stop();
          await old.remove();
          await create(engine, "recreated", `${app}:${tag}`);
        },
      },
      ...(compose === undefined
        ? {}
        : {
            compose: {
              name: "composed",
              begin: async () => {
                write(`${app}:1`);
                await up();
              },
              change: async (tag: string) => {
                write(`${app}:${tag}`);
                await up();
              },
            },
          }),
    };
    const figures: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (const [way, { name, begin, change }] of Object.entries(ways)) {
        await begin();
        const ms = await outage(port, () => change("2"));
        await engine.docker.getContainer(name).remove({ force: true });
        figures[way] = [...(figures[way] ?? []), ms];
        console.error(`round ${round + 1}, ${way}: ${ms} ms without service`);
      }
    }
    return {
      fairlead_ms: median(figures.fairlead),
      recreate_ms: median(figures.recreate),
      compose_ms: median(figures.compose),
      rounds: figures,
      engine: (await engine.docker.version()).Version,
    };
  } finally {
    await actor.executor.stop();
    await Promise.all([engine.close(), registry.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function create({ docker }: Dockerd, name: string, image: string): Promise<void> {
  const made = await docker.createContainer({ name, Image: image, HostConfig: { NetworkMode: "host" } });
  await made.start();
}

/** The longest time between two answers while `change` is at work, ms. */
async function outage(port: number, change: () => Promise<void>): Promise<number> {
  while (!(await answers(port))) await delay(pollMs);
  let last = performance.now();
  let longest = 0;
  let over = false;
  const watch = (async () => {
    while (!over) {
      if (await answers(port)) {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
      await delay(pollMs);
    }
  })();
  await change();
  while (!(await answers(port))) await delay(pollMs);
  await delay(50);
  over = true;
  await watch;
  return Math.round(longest);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, path: "/busybox", method: "HEAD", agent: false, timeout: 500 });
    asked.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

function composeOf(): string | undefined {
  return (["28", "26"] as const)
    .map((version) => join(engineRoot(version) ?? "/nowhere", "usr/libexec/docker/cli-plugins/docker-compose"))
    .find((path) => existsSync(path));
}

function median(values: readonly number[] = []): number | null {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? null;
}

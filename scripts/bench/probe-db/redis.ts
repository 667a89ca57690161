import { readFileSync } from "node:fs";
import { redis } from "../../../agent/src/databases/redis.ts";
import { noRedis, startRedis } from "../../../agent/tests/redis.ts";
import type { EngineFigures } from "../probe-db.ts";

const rounds = 200;

/** Commands that a probe asks a real Redis, by its own count, and the CPU time that its process takes for them. */
export async function bench(): Promise<EngineFigures> {
  if (noRedis !== undefined) return { skipped: noRedis };
  const server = await startRedis();
  const key = `redis:127.0.0.1:${server.port}`;
  const target = { key, engine: "redis", host: "127.0.0.1", port: server.port, timeoutMs: 5_000 } as const;
  const probe = async () => {
    const result = await redis.probe(target, undefined, AbortSignal.timeout(5_000));
    if (result.status !== "up") throw new Error(result.reason);
  };
  try {
    for (let i = 0; i < 1_000; i++) await server.send("SET", `key:${i}`, "x".repeat(100));
    await probe();
    await server.send("CONFIG", "RESETSTAT");
    const before = cpuMs(server.pid);
    for (let i = 0; i < rounds; i++) await probe();
    const spent = cpuMs(server.pid) - before;
    const commands = commandsOf(await server.send("INFO", "commandstats"));
    return {
      server: "7",
      rounds,
      commands_per_probe: Object.fromEntries(
        Object.entries(commands).map(([name, calls]) => [name, Number((calls / rounds).toFixed(2))]),
      ),
      server_cpu_ms_per_probe: Number((spent / rounds).toFixed(3)),
    };
  } finally {
    await redis.forget?.(key);
    await server.close();
  }
}

/** CPU that a process has taken, ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime and stime in hundredths of a second: fields 14 and 15 of proc(5).
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Calls by command from "cmdstat_info:calls=3,usec=...". */
function commandsOf(text: string): Record<string, number> {
  const found = [...text.matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g)];
  return Object.fromEntries(found.map(([, name = "", calls]) => [name, Number(calls)]));
}

import { BSON } from "mongodb";
import { mongodb } from "../../../agent/src/databases/mongodb.ts";
import type { Counters } from "../../../agent/src/databases/probe.ts";
import { startMongoServer } from "../../../agent/tests/mongo-server.ts";
import type { EngineFigures } from "../probe-db.ts";
import { startRelay } from "./relay.ts";

const rounds = 100;

/**
 * Debian has no mongod: what a probe asks is counted on a server that speaks its protocol and answers next to nothing.
 * FAIRLEAD_BENCH_MONGODB=127.0.0.1:27017 names a real one without users, to which round trips and bytes are then counted.
 */
export async function bench(): Promise<EngineFigures> {
  const address = process.env.FAIRLEAD_BENCH_MONGODB ?? "";
  const real = address === "" ? { skipped: "FAIRLEAD_BENCH_MONGODB names none" } : await measureReal(address);
  return { ...(await countCommands()), real };
}

async function measureReal(address: string): Promise<EngineFigures> {
  const [, host = "127.0.0.1", port = "27017"] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  const relay = await startRelay(Number(port), host);
  const key = `mongodb:127.0.0.1:${relay.port}`;
  const target = { key, engine: "mongodb", host: "127.0.0.1", port: relay.port, timeoutMs: 10_000 } as const;
  let counters: Counters | undefined;
  const probe = async () => {
    const result = await mongodb.probe(target, counters, AbortSignal.timeout(10_000));
    if (result.status !== "up") throw new Error(result.reason);
    counters = result.counters;
    return result;
  };
  try {
    const { attributes, reason } = await probe();
    const first = { ...relay.counts };
    relay.reset();
    for (let i = 0; i < rounds; i++) await probe();
    const { toServer, toClient, trips } = relay.counts;
    return {
      server: attributes.version,
      lacks: reason ?? null,
      rounds,
      each_30_s: {
        round_trips: Math.round((trips / rounds) * 10) / 10,
        bytes_to_server: Math.round(toServer / rounds),
        bytes_to_client: Math.round(toClient / rounds),
      },
      each_300_s_and_connecting: {
        round_trips: first.trips,
        bytes_to_server: first.toServer,
        bytes_to_client: first.toClient,
        connections: first.connections,
      },
    };
  } finally {
    await mongodb.forget?.(key);
    relay.close();
  }
}

async function countCommands(): Promise<Record<string, unknown>> {
  const member = {
    helloOk: true,
    isWritablePrimary: true,
    setName: "rs0",
    minWireVersion: 0,
    maxWireVersion: 21,
    ok: 1,
  };
  const server = await startMongoServer((name) => {
    if (name === "hello" || name === "ismaster") return member;
    if (name === "aggregate")
      return { cursor: { firstBatch: [], id: BSON.Long.ZERO, ns: "admin.$cmd.aggregate" }, ok: 1 };
    if (name === "serverStatus") return { version: "7.0.14", storageEngine: { name: "wiredTiger" }, ok: 1 };
    if (name === "listDatabases") return { databases: [{ name: "shop", sizeOnDisk: 1 }], totalSize: 1, ok: 1 };
    return { ok: 1 };
  });
  const { port } = server;
  const key = `mongodb:127.0.0.1:${port}`;
  const probe = async () => {
    const target = { key, engine: "mongodb", host: "127.0.0.1", port, timeoutMs: 5_000 } as const;
    const result = await mongodb.probe(target, undefined, AbortSignal.timeout(5_000));
    if (result.status !== "up") throw new Error(result.reason);
    return server.commands.splice(0);
  };
  try {
    const first = await probe();
    const commands = await probe();
    return {
      server: "protocol only",
      each_30_s: commands,
      each_300_s_and_connecting: first,
      connections: server.accepted(),
    };
  } finally {
    await mongodb.forget?.(key);
    await server.kill();
  }
}

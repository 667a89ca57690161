import { BSON } from "mongodb";
import { mongodb } from "../../../agent/src/databases/mongodb.ts";
import { startMongoServer } from "../../../agent/tests/mongo-server.ts";
import type { EngineFigures } from "../probe-db.ts";

/**
 * Debian has no mongod: what a probe asks is counted on a server that speaks its protocol and answers next to nothing; what
 * the answers cost a real one is not measured.
 */
export async function bench(): Promise<EngineFigures> {
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

import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { catalogue, type KindName, type Metric } from "../../shared/catalogue.ts";
import type { Point } from "../src/bus.ts";
import type { TestApi } from "./api.ts";

/** The test app on a free port, with a certificate authority to name in install lines. */
export async function servePage(api: TestApi): Promise<{ base: string; stop: () => Promise<void> }> {
  await api.context.db
    .insertInto("certificate_authority")
    .values({ certificate_der: Buffer.from("test"), sha256: "ab".repeat(32), not_after: new Date(Date.now() + 1e10) })
    .execute();
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: api.app.fetch, hostname: "127.0.0.1", port: 0 }, resolve);
  const { port } = await promise;
  return {
    base: `http://127.0.0.1:${port}`,
    stop: async () => {
      api.app.closeStreams();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A connected server with an hour of samples, as its agent would have made it. */
export async function addServer(
  api: TestApi,
  name: string,
  { containers }: { containers: readonly string[] },
): Promise<{ id: string; host: Point }> {
  const { db } = api.context;
  const now = new Date();
  const { id } = await db
    .insertInto("server")
    .values({
      name,
      hostname: name,
      labels: JSON.stringify({ env: "prod" }),
      facts: JSON.stringify({ os: "Debian" }),
      spool: "null",
      refused: "{}",
      state: "online",
      last_seen_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  api.connected.add(id);
  const host = await addResource(api, id, "host", "host", {});
  await addResource(api, id, "filesystem", "/", {});
  await addResource(api, id, "nic", "eth0", {});
  for (const container of containers) {
    const image = `registry.test/${container}:1`;
    await addResource(api, id, "container", container, { image, tag: "1", status: "running", restartCount: 0 });
  }
  api.bus.emit("server", { serverId: id, state: "online", reason: "" });
  return { id, host };
}

async function addResource(
  api: TestApi,
  serverId: string,
  kind: KindName,
  key: string,
  attributes: Record<string, unknown>,
): Promise<Point> {
  const { id: resourceId } = await api.context.db
    .insertInto("resource")
    .values({
      server_id: serverId,
      kind,
      key,
      labels: "{}",
      attributes: JSON.stringify(attributes),
      state: kind === "container" ? "running" : null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const metrics: readonly Metric[] = catalogue[kind].metrics;
  const values = Float32Array.from(metrics, ({ unit }) => (unit === "ratio" ? 0.1 : 1));
  const now = Date.now();
  api.newest.set(resourceId, { at: now, values });
  for (let at = now - 3_600_000; at <= now; at += 10_000) api.samples.push({ resourceId, at, values });
  return { resourceId, kind, key, values };
}

import type { Events, Point } from "../bus.ts";
import type { Context } from "../context.ts";
import { readCommand } from "../db/queries/commands.ts";
import { findAlert } from "../services/alert/list-alerts.ts";
import { valuesJson } from "../services/metrics/metrics-json.ts";
import { serversByIds } from "../services/server/list-servers.ts";

/** One browser that listens. `server` undefined: the whole fleet, host values only. */
export type LiveClient = { server: string | undefined; send(text: string): void };

/** Turns what happens inside into server-sent events, written once however many listen. */
export type LiveFeed = {
  /** Returns the function that ends it. */
  add(client: LiveClient): () => void;
};

/** Changes of a row within this time are told once, as the row is then. */
const settleMs = 200;

/** Listens to the bus only while someone listens to it. */
export function createLiveFeed(context: Context): LiveFeed {
  const clients = new Set<LiveClient>();
  let stop: (() => void) | undefined;

  function send(serverId: string, text: (detailed: boolean) => string | undefined): void {
    let detailed: string | undefined;
    let brief: string | undefined;
    for (const client of clients) {
      if (client.server !== undefined && client.server !== serverId) continue;
      if (client.server === undefined) brief ??= text(false);
      else detailed ??= text(true);
      const event = client.server === undefined ? brief : detailed;
      if (event !== undefined) client.send(event);
    }
  }

  function start(): () => void {
    const settle = createSettler(context, (serverId, event) => send(serverId, () => event));
    const ends = [
      context.bus.on("live", (event) => send(event.serverId, (detailed) => valuesEvent(event, detailed))),
      context.bus.on("resource", (event) =>
        send(event.serverId, (detailed) =>
          detailed || concernsFleet(event) ? sse("resource", JSON.stringify(event)) : undefined,
        ),
      ),
      context.bus.on("server", ({ serverId }) => settle.server(serverId)),
      context.bus.on("stream", ({ serverId }) => settle.server(serverId)),
      context.bus.on("configured", ({ serverId }) => settle.server(serverId)),
      context.bus.on("command", ({ serverId, commandId }) => settle.command(serverId, commandId)),
      context.bus.on("alert", ({ serverId, alertId }) => {
        settle.alert(serverId, alertId);
        settle.server(serverId);
      }),
    ];
    return () => {
      for (const end of ends) end();
      settle.stop();
    };
  }

  return {
    add(client) {
      clients.add(client);
      stop ??= start();
      return () => {
        clients.delete(client);
        if (clients.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

const stateKinds = new Set(["drive", "pool", "pool_member", "filesystem", "controller", "database"]);

/** Containers as they come and go; of storage and databases only new states: their attributes change with every look. */
function concernsFleet({ kind, reason }: Events["resource"]): boolean {
  return kind === "container" || (stateKinds.has(kind) && reason !== "declared");
}

/** One server-sent event; `data` holds no line break. */
export function sse(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}

function valuesEvent(event: Events["live"], detailed: boolean): string | undefined {
  const points = detailed ? event.points : event.points.filter((point) => point.kind === "host");
  if (points.length === 0) return undefined;
  const { serverId, at } = event;
  const head = JSON.stringify({ serverId, at }).slice(0, -1);
  return sse("values", `${head},"resources":[${points.map(pointJson).join(",")}]}`);
}

function pointJson({ resourceId, kind, key, values }: Point): string {
  return `${JSON.stringify({ id: resourceId, kind, key }).slice(0, -1)},"values":${valuesJson(values)}}`;
}

type Settler = {
  server(id: string): void;
  command(serverId: string, id: string): void;
  alert(serverId: string, id: string): void;
  stop(): void;
};

/** Gathers changed rows, then reads them once and tells each. */
function createSettler(context: Context, tell: (serverId: string, event: string) => void): Settler {
  const servers = new Set<string>();
  const commands = new Map<string, string>();
  const alerts = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  function later(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      flush().catch((err) => context.log.warn({ err }, "live rows could not be read"));
    }, settleMs);
  }

  async function flush(): Promise<void> {
    const changed = take(servers);
    const changedCommands = [...commands];
    const changedAlerts = [...alerts];
    commands.clear();
    alerts.clear();
    for (const [id, serverId] of changedCommands) {
      const row = await readCommand(context.db, id);
      if (row !== undefined) tell(serverId, sse("command", JSON.stringify(row)));
    }
    for (const [id, serverId] of changedAlerts) {
      const row = await findAlert(context.db, id);
      if (row !== undefined) tell(serverId, sse("alert", JSON.stringify(row)));
    }
    if (changed.length === 0) return;
    const rows = new Map((await serversByIds(context, changed)).map((row) => [row.id, row]));
    for (const id of changed) tell(id, sse("server", JSON.stringify(rows.get(id) ?? { id, deleted: true })));
  }

  return {
    server(id) {
      servers.add(id);
      later();
    },
    command(serverId, id) {
      commands.set(id, serverId);
      later();
    },
    alert(serverId, id) {
      alerts.set(id, serverId);
      later();
    },
    stop: () => clearTimeout(timer),
  };
}

function take(set: Set<string>): string[] {
  const all = [...set];
  set.clear();
  return all;
}

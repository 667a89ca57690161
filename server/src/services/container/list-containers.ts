import type { Context } from "../../context.ts";
import {
  type ContainerFilter,
  type ContainerRow,
  containerRow,
  pageOfContainers,
} from "../../db/queries/containers.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import { Failure } from "../../failure.ts";
import { type Newest, namedValues } from "../resource/latest-values.ts";

/** A container as its agent told of it. `id` is its resource id. */
export type Container = {
  id: number;
  serverId: string;
  serverName: string;
  name: string;
  containerId: string | null;
  image: string;
  imageId: string | null;
  digest: string | null;
  tag: string | null;
  state: string | null;
  stateSince: Date | null;
  /** One phrase for people. */
  status: string;
  health: string | null;
  restartCount: number;
  exitCode: number | null;
  ports: string[];
  labels: Record<string, string>;
  composeProject: string | null;
  composeService: string | null;
  createdAt: Date | null;
  startedAt: Date | null;
  latest: { at: Date; values: Record<string, number | null> } | null;
  goneAt: Date | null;
};

/** One page of containers with their newest values. */
export async function listContainers(
  context: Context,
  filter: ContainerFilter,
  page: PageRequest,
): Promise<Page<Container>> {
  const { items, nextCursor } = await pageOfContainers(context.db, filter, page);
  const newest = context.samples.latest(items.map((row) => row.id));
  return { items: items.map((row) => toContainer(row, newest.get(row.id))), nextCursor };
}

/** One container. Throws not_found. */
export async function findContainer(context: Context, id: number): Promise<Container> {
  const row = await containerRow(context.db, id);
  if (row === undefined) throw new Failure("not_found", "There is no such container");
  return toContainer(row, context.samples.latest([id]).get(id));
}

function toContainer(row: ContainerRow, newest: Newest | undefined): Container {
  const { attributes } = row;
  const labels = stringMap(attributes.labels);
  const health = text(attributes.health);
  const exitCode = typeof attributes.exitCode === "number" ? attributes.exitCode : null;
  return {
    id: row.id,
    serverId: row.server_id,
    serverName: row.server_name,
    name: row.key,
    containerId: text(attributes.id) ?? text(attributes.containerId),
    image: text(attributes.image) ?? "",
    imageId: text(attributes.imageId),
    digest: text(attributes.digest),
    tag: text(attributes.tag),
    state: row.state,
    stateSince: row.state_since,
    status: text(attributes.status) ?? phrase(row, health, exitCode),
    health,
    restartCount: typeof attributes.restartCount === "number" ? attributes.restartCount : 0,
    exitCode,
    ports: Array.isArray(attributes.ports) ? attributes.ports.map(String) : [],
    labels,
    composeProject: text(attributes.composeProject) ?? labels["com.docker.compose.project"] ?? null,
    composeService: text(attributes.composeService) ?? labels["com.docker.compose.service"] ?? null,
    createdAt: time(attributes.createdAt),
    startedAt: time(attributes.startedAt),
    latest: namedValues("container", newest),
    goneAt: row.gone_at,
  };
}

function phrase(row: ContainerRow, health: string | null, exitCode: number | null): string {
  if (row.gone_at !== null) return "gone";
  if (row.state === "exited" && exitCode !== null) return `exited (${exitCode})`;
  if (row.state === "running" && health !== null) return `running (${health})`;
  return row.state ?? "unknown";
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Unix ms or ISO; 0 and anything else is no time. */
function time(value: unknown): Date | null {
  const at =
    typeof value === "number" && value > 0 ? value : typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

function stringMap(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, String(item)]));
}

import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { type CommandView, readCommands } from "../../db/queries/commands.ts";
import { containerRow } from "../../db/queries/containers.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { CommandStatusName } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";

export const updateSorts = ["createdAt"] as const;
const types = ["container.update", "container.rollback", "project.update"];

/** An update or roll-back of a container, as its command tells it. `id` is the command's. */
export type ContainerUpdate = {
  id: string;
  serverId: string;
  serverName: string;
  type: string;
  /** As the command names it; of a project's update its project. */
  target: string;
  status: CommandStatusName;
  reason: string;
  fromImage: string | null;
  fromDigest: string | null;
  toImage: string | null;
  toDigest: string | null;
  /** Milliseconds without service; null where it did not come that far, or is not known. */
  downtimeMs: number | null;
  /** Ids of the backups that were made, by container. */
  backups: Record<string, string>;
  /** Why guards of the host were passed over; empty: none were. */
  forceReason: string;
  /** All that took part. */
  containers: { name: string; role: string }[];
  createdBy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** Updates and roll-backs of one container, dry runs left out. Throws not_found. */
export async function listContainerUpdates(
  context: Context,
  id: number,
  page: PageRequest,
): Promise<Page<ContainerUpdate>> {
  const row = await containerRow(context.db, id);
  if (row === undefined) throw new Failure("not_found", "There is no such container");
  const { attributes } = row;
  const labels = (attributes.labels ?? {}) as Record<string, unknown>;
  const project = text(attributes.composeProject) ?? text(labels["com.docker.compose.project"]);
  return pageOfUpdates(context, { server: row.server_id, container: row.key, project }, page);
}

/** Updates and roll-backs of all containers of a server, dry runs left out. Throws not_found. */
export async function listServerUpdates(
  context: Context,
  id: string,
  page: PageRequest,
): Promise<Page<ContainerUpdate>> {
  const server = await context.db.selectFrom("server").select("id").where("id", "=", id).executeTakeFirst();
  if (server === undefined) throw new Failure("not_found", "There is no such server");
  return pageOfUpdates(context, { server: id }, page);
}

type Wanted = { server: string; container?: string; project?: string | null };

async function pageOfUpdates(
  { db }: Context,
  { server, container, project }: Wanted,
  page: PageRequest,
): Promise<Page<ContainerUpdate>> {
  let query = db
    .selectFrom("command as c")
    .select("c.id")
    .where("c.server_id", "=", server)
    .where("c.type", "in", types)
    .where(sql<boolean>`c.args->>'dryRun' IS DISTINCT FROM 'true'`);
  if (container !== undefined) {
    // Others of its component were replaced with it; the answer tells them by their names within the runtime.
    const name = container.slice(container.indexOf("/") + 1);
    const runtime = container.slice(0, Math.max(0, container.indexOf("/")));
    const tookPart = sql<boolean>`(c.output->'containers' @> ${JSON.stringify([{ name }])}::jsonb
      AND split_part(CASE WHEN c.args->>'container' LIKE '%/%' THEN c.args->>'container' ELSE '' END, '/', 1) = ${runtime})`;
    const asked = sql<boolean>`c.args->>'container' = ${container}`;
    const ofProject = sql<boolean>`(c.type = 'project.update' AND c.output IS NULL AND c.args->>'project' = ${project ?? ""})`;
    query = query.where((eb) => eb.or([asked, tookPart, ofProject]));
  }
  const sorts = { createdAt: { by: sql`c.created_at`, type: "timestamptz" } } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`c.id`, type: "uuid" }, page);
  const commands = await readCommands(
    db,
    items.map((row) => row.id),
  );
  return { items: commands.map((command) => toUpdate(command, container)), nextCursor };
}

/** `container`: its own part of the answer is shown where it was not the one that was asked for. */
function toUpdate(command: CommandView, container: string | undefined): ContainerUpdate {
  const { id, serverId, serverName, type, args, status, reason, createdBy, createdAt, startedAt, finishedAt } = command;
  const output = command.output ?? {};
  const members = Array.isArray(output.containers) ? output.containers.filter(isObject) : [];
  const name = container?.slice(container.indexOf("/") + 1);
  const own = members.find((member) => member.name === name) ?? output;
  const force = text(output.forceReason) ?? text(args.forceReason);
  return {
    id,
    serverId,
    serverName,
    type,
    target: text(args.container) ?? text(args.project) ?? "",
    status,
    reason,
    fromImage: text(own.fromImage),
    fromDigest: text(own.fromDigest),
    toImage: text(own.toImage) ?? text(args.image),
    toDigest: text(own.toDigest),
    downtimeMs: typeof output.downtimeMs === "number" ? output.downtimeMs : null,
    backups: texts(output.backups),
    forceReason: force ?? "",
    containers: members.map((member) => ({ name: text(member.name) ?? "", role: text(member.role) ?? "target" })),
    createdBy,
    createdAt,
    startedAt,
    finishedAt,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function texts(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => text(entry[1]) !== null),
  );
}

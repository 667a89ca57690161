import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join, normalize } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { formatReference, parseImageReference, withDefaultTag } from "@fairlead/shared/image-reference";
import type { Host } from "../../host/host.ts";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { targetsOf, type UpdatePlan } from "./plan.ts";

/** A line of a compose file that names another image than the container has after its update. */
export type OutdatedLine = { container: string; file: string; line: number; says: string; image: string };

const filesLabel = "com.docker.compose.project.config_files";
const serviceLabel = "com.docker.compose.service";
const mostBytes = 1 << 20;
const mostFiles = 10;
const readMs = 3_000;

/** What the compose files of the plan's targets, as far as they can be seen from here, say otherwise. Never throws. */
export async function outdatedLines(plan: UpdatePlan, host: Host): Promise<OutdatedLine[]> {
  const found: OutdatedLine[] = [];
  for (const { snapshot, image } of targetsOf(plan)) {
    const labels = (snapshot.inspect as EngineContainer).Config.Labels ?? {};
    const service = labels[serviceLabel];
    const files = (labels[filesLabel] ?? "").split(",").slice(0, mostFiles);
    if (service === undefined) continue;
    // The last file that names an image is the one that counts.
    for (const file of files.reverse()) {
      const text = file.startsWith("/") ? await readSmall(join(host.root, normalize(file))) : undefined;
      const place = text === undefined ? undefined : await imageLine(text, service);
      if (place === undefined) continue;
      if (!same(place.says, image)) found.push({ container: snapshot.name, file, image, ...place });
      break;
    }
  }
  return found;
}

/** That for people. */
export function outdatedText({ file, line, says, image }: OutdatedLine): string {
  return `${file}:${line} still says image: ${says}: write ${image} there, else the next "docker compose up" goes back`;
}

/** Where a compose file names the image of a service; undefined where it does not, or is no such file. */
export async function imageLine(text: string, service: string): Promise<{ line: number; says: string } | undefined> {
  const { isScalar, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: "silent", merge: true });
    const node = document.getIn(["services", service, "image"], true);
    if (!isScalar(node) || typeof node.value !== "string" || !node.range) return undefined;
    return { line: lines.linePos(node.range[0]).line, says: node.value.slice(0, 500) };
  } catch {
    return undefined;
  }
}

function same(says: string, image: string): boolean {
  const [a, b] = [parseImageReference(says), parseImageReference(image)];
  if (!a.ok || !b.ok) return says === image;
  return formatReference(withDefaultTag(a.reference)) === formatReference(withDefaultTag(b.reference));
}

// The path is what a label says: it may lead to a pipe, a device or a mount that hangs.
async function readSmall(path: string): Promise<string | undefined> {
  const read = async () => {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      return found.isFile() && found.size <= mostBytes ? await file.readFile("utf8") : undefined;
    } finally {
      await file.close();
    }
  };
  return await Promise.race([read().catch(() => undefined), delay(readMs, undefined, { ref: false })]);
}

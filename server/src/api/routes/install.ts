import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../failure.ts";
import { type Route, route } from "../route.ts";
import { defaults, serveFile } from "../web-page.ts";

const tag = "install";
const architectures = ["x64", "arm64"] as const;

export const install: readonly Route[] = [
  route({
    method: "get",
    path: "/install.sh",
    permission: "open",
    tag,
    summary: "The install script for agents",
    media: "text/x-shellscript",
    async handle({ context, extras, request }) {
      const file = extras.installScript ?? defaults.installScript;
      const script = await readFile(file, "utf8").catch(() => undefined);
      if (script === undefined) throw new Failure("not_found", "install.sh is not in this installation");
      const headers = { "content-type": "text/x-shellscript; charset=utf-8", "cache-control": "no-cache" };
      return new Response(script.replace("@FAIRLEAD_URL@", ownUrl(context.config.publicUrl, request)), { headers });
    },
  }),
  ...architectures.flatMap((arch) => [
    route({
      method: "get",
      path: `/download/agent/linux-${arch}`,
      permission: "open",
      tag,
      summary: `The agent for Linux ${arch}`,
      media: "application/octet-stream",
      async handle({ extras, request }) {
        const file = binary(extras.agentDir, arch);
        const packed = await packedFile(file, request);
        const found = await serveFile(packed ?? file, "application/octet-stream", "no-cache", asked(request));
        if (found === undefined) throw notBuilt(arch);
        found.headers.set("vary", "accept-encoding");
        if (packed !== undefined) found.headers.set("content-encoding", "gzip");
        found.headers.set("content-disposition", 'attachment; filename="fairlead-agent"');
        return found;
      },
    }),
    route({
      method: "get",
      path: `/download/agent/linux-${arch}.sha256`,
      permission: "open",
      tag,
      summary: `SHA-256 of the agent for Linux ${arch}`,
      description: "As sha256sum prints it.",
      media: "text/plain",
      async handle({ extras }) {
        const sum = await checksum(binary(extras.agentDir, arch));
        if (sum === undefined) throw notBuilt(arch);
        return new Response(`${sum}  fairlead-agent-linux-${arch}\n`, { headers: { "content-type": "text/plain" } });
      },
    }),
  ]),
];

/** Where the script downloads from: the address that it came from, or the public one. It lands in a shell script. */
function ownUrl(publicUrl: string | undefined, request: Request): string {
  const url = publicUrl ?? new URL(request.url).origin;
  if (!/^https?:\/\/[A-Za-z0-9._~:/[\]-]+$/.test(url)) {
    throw new Failure(
      "invalid",
      "the address that you came by has characters that a URL can't have: set FAIRLEAD_PUBLIC_URL",
    );
  }
  return url.replace(/\/+$/, "");
}

function binary(folder: string | undefined, arch: string): string {
  return join(folder ?? defaults.agentDir, `fairlead-agent-linux-${arch}`);
}

function notBuilt(arch: string): Failure {
  return new Failure("not_found", `The agent for linux-${arch} is not built on this server: run npm run build:agent`);
}

/** The compressed file beside it, a third of the size, where the client takes it; its name says of which content it is. */
async function packedFile(file: string, request: Request): Promise<string | undefined> {
  if (!/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) return undefined;
  const sum = await checksum(file);
  if (sum === undefined) return undefined;
  const packed = `${file}.${sum.slice(0, 16)}.gz`;
  return (await stat(packed).catch(() => undefined)) === undefined ? undefined : packed;
}

function asked(request: Request) {
  return { req: { method: request.method, header: (name: string) => request.headers.get(name) ?? undefined } };
}

const sums = new Map<string, { mtimeMs: number; size: number; sum: Promise<string> }>();

/** Computed once for a file's size and time. */
async function checksum(file: string): Promise<string | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) return undefined;
  const known = sums.get(file);
  if (known?.mtimeMs === info.mtimeMs && known.size === info.size) return await known.sum;
  const sum = hashFile(file);
  sums.set(file, { mtimeMs: info.mtimeMs, size: info.size, sum });
  return await sum;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

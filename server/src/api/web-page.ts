import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { type BrotliOptions, brotliCompress, constants, gzip } from "node:zlib";
import type { Context as HonoContext } from "hono";
import type { AppExtras } from "./extras.ts";

const top = join(import.meta.dirname, "../../..");

/** Where the files that are served lie, unless a test says otherwise. */
export const defaults = {
  webDir: join(top, "server/web/dist"),
  agentDir: join(top, "agent/dist"),
  installScript: join(top, "install.sh"),
};

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** A file of the built page; index.html for every other address that a browser opens. Undefined: not for the page. */
export async function servePage(extras: AppExtras, c: HonoContext): Promise<Response | undefined> {
  const path = decode(c.req.path);
  if (path === undefined || (c.req.method !== "GET" && c.req.method !== "HEAD")) return undefined;
  if (/^\/(api|download)\//.test(path)) return undefined;
  const folder = extras.webDir ?? defaults.webDir;
  const file = normalize(join(folder, path));
  if (file.startsWith(folder + sep)) {
    // Vite puts a hash of the content into the names below assets/.
    const cache = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    const type = types[extname(file)] ?? "application/octet-stream";
    const found = (await servePacked(file, type, cache, c)) ?? (await serveFile(file, type, cache, c));
    if (found !== undefined) return found;
  }
  const isAddress = c.req.header("accept")?.includes("text/html") === true && extname(path) === "";
  const wantsPage = path === "/" || isAddress;
  if (!wantsPage) return undefined;
  const page = await serveFile(join(folder, "index.html"), types[".html"] ?? "", "no-cache", c);
  return page ?? new Response("The page is not built yet: run npm run build:web\n", { status: 404 });
}

/** The page's text files compressed; they are few and small, so each version is packed once and kept. */
async function servePacked(file: string, type: string, cache: string, c: HonoContext): Promise<Response | undefined> {
  const encoding = c.req.header("accept-encoding")?.match(/\b(br|gzip)\b/)?.[1];
  if (encoding === undefined || !/^text\/|svg|json/.test(type)) return undefined;
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) return undefined;
  const etag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}-${encoding}"`;
  const headers = { "content-type": type, "cache-control": cache, etag, vary: "accept-encoding" };
  if (c.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const key = `${file}\0${encoding}`;
  let known = packed.get(key);
  if (known?.etag !== etag) {
    const plain = await readFile(file);
    known = { etag, body: encoding === "br" ? await brotli(plain, brotliOptions) : await gzipped(plain) };
    packed.set(key, known);
  }
  const length = { ...headers, "content-encoding": encoding, "content-length": String(known.body.length) };
  return new Response(c.req.method === "HEAD" ? null : new Uint8Array(known.body), { headers: length });
}

const packed = new Map<string, { etag: string; body: Buffer }>();
const brotli = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);
const gzipped = promisify<Buffer, Buffer>(gzip);
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Streams a regular file, with an entity tag of its size and time; undefined where there is none. */
export async function serveFile(
  file: string,
  type: string,
  cache: string,
  c: { req: { method: string; header(name: string): string | undefined } },
): Promise<Response | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) return undefined;
  const etag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`;
  const headers = { "content-type": type, "cache-control": cache, etag };
  if (c.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const length = { ...headers, "content-length": String(info.size) };
  if (c.req.method === "HEAD") return new Response(null, { headers: length });
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, { headers: length });
}

function decode(path: string): string | undefined {
  try {
    const plain = decodeURIComponent(path);
    return plain.includes("\0") ? undefined : plain;
  } catch {
    return undefined;
  }
}

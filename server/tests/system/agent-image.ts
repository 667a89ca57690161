import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { busybox } from "../../../agent/tests/dockerd.ts";

const program = "/usr/bin/fairlead-agent";

/** An image's layer, as its uncompressed tar. */
type Layer = { tar: Buffer; digest: string };

/** The agent's executable with the libraries that it needs, and nothing else; the tar is made in that folder. */
export function agentLayer(executable: string, folder: string): Layer {
  const libraries = execFileSync("ldd", [executable], { encoding: "utf8" }).match(/\/\S+(?= \()/g) ?? [];
  return layer(folder, executable, libraries);
}

/** Goes over `agentLayer`: its program is there and ends at once with an error. */
export function brokenLayer(folder: string): Layer {
  return layer(folder, busybox, []);
}

/** Makes an image of these layers in a registry, without an engine. Rejects with what the registry said. */
export async function putImage(
  registry: string,
  name: string,
  tag: string,
  layers: readonly Layer[],
  config: Record<string, unknown> = {},
): Promise<void> {
  const image = {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: { Entrypoint: [program], Cmd: ["run"], ...config },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  };
  const text = Buffer.from(JSON.stringify(image));
  const parts = layers.map(({ tar, digest }) => ({ bytes: tar, digest, kind: "layer.v1.tar" }));
  for (const { bytes, digest } of [...parts, { bytes: text, digest: digestOf(text) }]) {
    await putBlob(`http://${registry}/v2/${name}/blobs`, bytes, digest);
  }
  const describe = (kind: string, bytes: Buffer, digest: string) => ({
    mediaType: `application/vnd.oci.image.${kind}`,
    size: bytes.length,
    digest,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: describe("config.v1+json", text, digestOf(text)),
    layers: parts.map(({ kind, bytes, digest }) => describe(kind, bytes, digest)),
  };
  await send("PUT", `http://${registry}/v2/${name}/manifests/${tag}`, JSON.stringify(manifest), manifest.mediaType);
}

async function putBlob(blobs: string, bytes: Buffer, digest: string): Promise<void> {
  if ((await fetch(`${blobs}/${digest}`, { method: "HEAD" })).ok) return;
  const begun = await send("POST", `${blobs}/uploads/`);
  const to = new URL(begun.headers.get("location") ?? "", blobs);
  to.searchParams.set("digest", digest);
  await send("PUT", to.href, new Uint8Array(bytes), "application/octet-stream");
}

async function send(
  method: string,
  url: string,
  body?: string | Uint8Array<ArrayBuffer>,
  type?: string,
): Promise<Response> {
  const headers = type === undefined ? {} : { "content-type": type };
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function layer(folder: string, executable: string, libraries: readonly string[]): Layer {
  const tar = join(folder, "layer.tar");
  const rename = `s,^${executable.slice(1)}$,${program.slice(1)},`;
  const files = [executable, ...libraries].map((path) => path.slice(1));
  execFileSync("tar", ["-C", "/", "-chf", tar, "--transform", rename, ...files]);
  const bytes = readFileSync(tar);
  return { tar: bytes, digest: digestOf(bytes) };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

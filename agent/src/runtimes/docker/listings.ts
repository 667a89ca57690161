import * as z from "zod/mini";
import { familiar, imageId } from "../podman/normalise.ts";
import type { DiskUsage, EngineInfo, RuntimeImage, RuntimeNetwork, RuntimeVolume } from "../runtime.ts";

// Podman and proxies of the socket leave out or null what Docker fills in: what is no entry of its list is left out.
const text = z.catch(z.string(), "");
const number = z.catch(z.number(), Number.NaN);
const texts = z.catch(z.array(z.string()), []);
const map = z.catch(z.record(z.string(), z.string()), {});
const flag = z.catch(z.boolean(), false);

const image = z.object({
  Id: z.string(),
  RepoTags: texts,
  RepoDigests: texts,
  Size: number,
  Created: number,
  Labels: map,
});

const volume = z.object({
  Name: z.string(),
  Driver: text,
  Mountpoint: text,
  CreatedAt: text,
  Labels: map,
  Options: map,
});

const network = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: text,
  Internal: flag,
  IPAM: z.catch(z.object({ Config: z.catch(z.array(z.object({ Subnet: text })), []) }), { Config: [] }),
  Labels: map,
});

const usage = z.object({
  LayersSize: number,
  Images: z.catch(z.array(z.object({ Size: number, SharedSize: number, Containers: number })), []),
  Containers: z.catch(z.array(z.object({ SizeRw: z.catch(z.number(), 0) })), []),
  Volumes: z.catch(
    z.array(z.object({ Name: text, UsageData: z.catch(z.object({ Size: number }), { Size: Number.NaN }) })),
    [],
  ),
  BuildCache: z.catch(z.array(z.object({ Size: z.catch(z.number(), 0), Shared: flag })), []),
});

const info = z.object({
  DockerRootDir: text,
  OSType: text,
  Architecture: text,
  SecurityOptions: texts,
  // Podman's word for it.
  Rootless: flag,
  Swarm: z.catch(z.object({ LocalNodeState: text }), { LocalNodeState: "" }),
  Warnings: texts,
});

/** The images of the engine's list; "<none>" is no tag. */
export function toImages(answer: unknown): RuntimeImage[] {
  return each(image, answer).map((raw) => ({
    id: imageId(raw.Id),
    tags: raw.RepoTags.filter((tag) => !tag.includes("<none>")).map(familiar),
    digests: raw.RepoDigests.filter((digest) => !digest.includes("<none>")).map(familiar),
    sizeBytes: raw.Size,
    createdAt: raw.Created * 1000,
    labels: raw.Labels,
  }));
}

export function toVolumes(answer: unknown): RuntimeVolume[] {
  return each(volume, (answer as { Volumes?: unknown } | null)?.Volumes ?? []).map(fromVolume);
}

/** One volume; throws where the answer is none. */
export function toVolume(answer: unknown): RuntimeVolume {
  return fromVolume(z.parse(volume, answer));
}

export function toNetworks(answer: unknown): RuntimeNetwork[] {
  return each(network, answer).map((raw) => ({
    id: raw.Id,
    name: raw.Name,
    driver: raw.Driver,
    internal: raw.Internal,
    subnets: raw.IPAM.Config.map(({ Subnet }) => Subnet).filter((subnet) => subnet !== ""),
    labels: raw.Labels,
    builtin: ["bridge", "host", "none", "podman"].includes(raw.Name),
  }));
}

/** Sizes of all that the engine keeps. */
export function toDiskUsage(answer: unknown): DiskUsage {
  const raw = z.parse(usage, answer);
  const unused = raw.Images.filter(({ Containers }) => Containers === 0);
  return {
    // Podman does not tell it.
    imagesBytes:
      raw.LayersSize === 0 && raw.Images.length > 0 ? sum(raw.Images.map(({ Size }) => Size)) : raw.LayersSize,
    imagesUnusedBytes: sum(unused.map(({ Size, SharedSize }) => Size - (SharedSize > 0 ? SharedSize : 0))),
    containersBytes: sum(raw.Containers.map(({ SizeRw }) => SizeRw)),
    buildCacheBytes: sum(raw.BuildCache.filter(({ Shared }) => !Shared).map(({ Size }) => Size)),
    volumes: new Map(
      raw.Volumes.map(({ Name, UsageData }) => [Name, UsageData.Size >= 0 ? UsageData.Size : Number.NaN]),
    ),
  };
}

export function toInfo(answer: unknown): EngineInfo {
  const raw = z.parse(info, answer);
  return {
    rootDir: raw.DockerRootDir,
    os: raw.OSType,
    arch: raw.Architecture,
    rootless: raw.Rootless || raw.SecurityOptions.some((option) => option.includes("rootless")),
    swarm: raw.Swarm.LocalNodeState === "active",
    warnings: raw.Warnings.slice(0, 20).map((warning) => warning.slice(0, 300)),
  };
}

function fromVolume(raw: z.infer<typeof volume>): RuntimeVolume {
  const at = Date.parse(raw.CreatedAt);
  return {
    name: raw.Name,
    driver: raw.Driver,
    mountpoint: raw.Mountpoint,
    createdAt: Number.isNaN(at) ? 0 : at,
    labels: raw.Labels,
    options: raw.Options,
    anonymous: /^[0-9a-f]{64}$/.test(raw.Name),
  };
}

function each<T extends z.ZodMiniType>(schema: T, list: unknown): z.infer<T>[] {
  if (!Array.isArray(list)) throw new Error("the answer is no list: is that a container engine's socket?");
  return list.flatMap((raw) => {
    const parsed = z.safeParse(schema, raw);
    return parsed.success ? [parsed.data] : [];
  });
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + (Number.isNaN(size) ? 0 : size), 0);
}

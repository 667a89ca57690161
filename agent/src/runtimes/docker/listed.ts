import * as z from "zod/mini";
import type { EngineContainer } from "./engine-types.ts";

// Podman and proxies of the socket leave out or null what Docker fills in.
const list = z.nullish(z.array(z.unknown()));
const text = z.catch(z.string(), "");
const container = z.object({
  Id: z.string().check(z.minLength(1)),
  Names: list,
  Image: text,
  ImageID: text,
  State: text,
  Status: text,
  Ports: list,
  NetworkSettings: z.catch(z.nullish(z.object({ Networks: z.nullish(z.record(z.string(), z.unknown())) })), undefined),
});

/** An entry of the engine's list. `networks`: sorted names; `ports`: how many. */
export type ListedContainer = {
  id: string;
  names: string[];
  image: string;
  imageId: string;
  state: string;
  status: string;
  ports: number;
  networks: string[];
};

/** The engine's list of containers with what is read of it filled in; what is no container is left out. Throws on no list. */
export function listed(answer: unknown): ListedContainer[] {
  if (!Array.isArray(answer)) throw new Error("the answer is no list: is that a Docker engine's socket?");
  return answer.flatMap((raw) => {
    const { data } = z.safeParse(container, raw);
    if (data === undefined) return [];
    return [
      {
        id: data.Id,
        names: (data.Names ?? []).filter((name) => typeof name === "string"),
        image: data.Image,
        imageId: data.ImageID,
        state: data.State,
        status: data.Status,
        ports: (data.Ports ?? []).length,
        networks: Object.keys(data.NetworkSettings?.Networks ?? {}).sort(),
      },
    ];
  });
}

/** All of a stream. Rejects when it is more. */
export async function readBytes(stream: AsyncIterable<Uint8Array | string>, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`the answer is over ${mostBytes} bytes: is that a Docker engine's socket?`);
  }
  return Buffer.concat(chunks);
}

/** All of a stream as text. Rejects when it is more. */
export async function readBounded(stream: AsyncIterable<Uint8Array | string>, mostBytes: number): Promise<string> {
  return (await readBytes(stream, mostBytes)).toString();
}

/** The engine's answer about one container. Throws when it lacks what every engine tells. */
export function inspected(answer: unknown): EngineContainer {
  const { Id, Name, Image, State, Config, HostConfig } = (answer ?? {}) as Partial<EngineContainer>;
  const whole = [Id, Name, Image].every((value) => typeof value === "string") && State && Config && HostConfig;
  if (!whole) throw new Error("the answer is no container: is that a Docker engine's socket?");
  return answer as EngineContainer;
}

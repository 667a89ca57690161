import * as z from "zod/mini";
import type { ContainerRuntime, RuntimeEvent } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { filtered } from "./library.ts";

// Health checks run as execs, three events each: those are left out at the source. Podman's own words are "died" and "remove".
const watched = [
  ...["create", "start", "die", "died", "oom", "pause", "unpause", "rename", "update", "destroy", "remove"],
  ...["health_status", "pull", "tag", "untag", "delete", "load", "import"],
];
const actions: Record<string, string> = { died: "die", remove: "destroy" };

const event = z.object({
  Type: z.string(),
  Action: z.catch(z.string(), ""),
  time: z.catch(z.number(), 0),
  timeNano: z.catch(z.number(), 0),
  Actor: z.catch(
    z.object({ ID: z.catch(z.string(), ""), Attributes: z.catch(z.record(z.string(), z.unknown()), {}) }),
    { ID: "", Attributes: {} },
  ),
});

/** What the engine tells by itself. `onImage` is called before anything that was known of images may be wrong. */
export function eventOperations(connection: Connection, onImage: () => void): Pick<ContainerRuntime, "subscribe"> {
  const { docker, write, failure } = connection;
  const what = "follow its events";
  return {
    async subscribe(signal) {
      const asked = filtered({ type: ["container", "image", "volume", "network"], event: watched });
      const stream = await write(what, () => docker.getEvents({ ...asked, abortSignal: signal }));
      onImage();
      return readEvents(stream, onImage, (error) => failure(error, what));
    },
  };
}

async function* readEvents(
  stream: NodeJS.ReadableStream,
  onImage: () => void,
  failure: (error: unknown) => Error,
): AsyncGenerator<RuntimeEvent> {
  let rest = "";
  try {
    for await (const chunk of stream) {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = line.trim() === "" ? undefined : toEvent(line);
        if (event?.type === "image") onImage();
        if (event) yield event;
      }
    }
  } catch (error) {
    throw failure(error);
  }
}

/** An event out of a line of the engine's; undefined for what is none that matters. */
export function toEvent(line: string): RuntimeEvent | undefined {
  const raw = z.safeParse(event, parsed(line)).data;
  if (raw === undefined) return undefined;
  const at = raw.timeNano ? Math.floor(raw.timeNano / 1e6) : raw.time * 1000;
  if (raw.Type === "image" || raw.Type === "volume" || raw.Type === "network") return { type: raw.Type, at };
  const { ID, Attributes } = raw.Actor;
  if (raw.Type !== "container" || ID === "" || raw.Action === "") return undefined;
  const code = Attributes.exitCode;
  return {
    type: "container",
    action: actions[raw.Action] ?? raw.Action,
    id: ID,
    name: typeof Attributes.name === "string" ? Attributes.name : "",
    at,
    exitCode: code === undefined ? undefined : Number(code),
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

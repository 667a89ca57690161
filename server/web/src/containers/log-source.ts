import { ApiError, apiUrl, type FieldProblem } from "../api/client.ts";
import type { LogLine } from "./log-buffer.ts";

export type LogOptions = { tail: number; since?: string; follow: boolean };
export type LogEvents = {
  onOpen(): void;
  onLines(lines: LogLine[]): void;
  /** Lines that the agent left out. */
  onSkipped(lines: number): void;
};

/**
 * Reads a container's log until it ends; answers why, empty when it was all, undefined when the connection broke off.
 * Throws ApiError where it was refused.
 */
export async function readLog(
  id: number,
  { tail, since, follow }: LogOptions,
  { onOpen, onLines, onSkipped }: LogEvents,
  signal: AbortSignal,
): Promise<string | undefined> {
  const response = await open(apiUrl(`containers/${id}/logs`, { tail, since, follow }), signal);
  onOpen();
  let reason: string | undefined;
  await eachEvent(response, (name, data) => {
    if (name === "line") onLines(data as LogLine[]);
    else if (name === "skipped") onSkipped((data as { lines: number }).lines);
    else if (name === "end") reason = (data as { reason: string }).reason;
  });
  return reason;
}

async function open(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, headers: { accept: "text/event-stream" } }).catch((error) => {
    if (signal.aborted) throw error;
    throw new ApiError(0, "The server can't be reached", "Check your network, or whether Fairlead is running.", null);
  });
  if (response.ok) return response;
  const { title, detail, requestId, errors } = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  throw new ApiError(
    response.status,
    String(title ?? `The server answered ${response.status}`),
    String(detail ?? ""),
    typeof requestId === "string" ? requestId : null,
    (errors ?? []) as FieldProblem[],
  );
}

async function eachEvent(response: Response, onEvent: (name: string, data: unknown) => void): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      if ((error as Error).name === "AbortError") throw error;
      return { value: undefined, done: true as const };
    });
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name !== undefined && data !== undefined) onEvent(name, JSON.parse(data));
    }
  }
}

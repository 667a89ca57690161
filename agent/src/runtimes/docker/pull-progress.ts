import { type PullProgress, RuntimeFailure } from "../runtime.ts";

type Line = {
  status?: string;
  id?: string;
  error?: string;
  errorDetail?: { message?: string };
  progressDetail?: { current?: number; total?: number };
};

/**
 * Reads the engine's pull stream to its end, telling about each layer's step and the share of known bytes that arrived.
 * A pull's error stands in the stream, not in its HTTP status: it is thrown as RuntimeFailure.
 */
export async function followPull(
  stream: NodeJS.ReadableStream,
  onProgress: (progress: PullProgress) => void,
): Promise<void> {
  const layers = new Map<string, { current: number; total: number }>();
  let rest = "";
  let failed: string | undefined;
  const take = (text: string) => {
    if (text.trim() === "") return;
    const line = JSON.parse(text) as Line;
    const error = line.errorDetail?.message ?? line.error;
    if (error) failed = error;
    if (!line.status) return;
    if (line.id && line.status === "Downloading" && line.progressDetail?.total) {
      const { current = 0, total } = line.progressDetail;
      layers.set(line.id, { current, total });
    }
    if (line.id && (line.status === "Download complete" || line.status === "Pull complete")) {
      const layer = layers.get(line.id);
      if (layer) layer.current = layer.total;
    }
    onProgress({ message: line.id ? `${line.id}: ${line.status}` : line.status, percent: percentOf(layers) });
  };
  for await (const chunk of stream) {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  take(rest);
  if (failed !== undefined) throw new RuntimeFailure("refused", failed.trim().replace(/\s+/g, " ").slice(0, 500));
}

function percentOf(layers: Map<string, { current: number; total: number }>): number {
  let current = 0;
  let total = 0;
  for (const layer of layers.values()) {
    current += layer.current;
    total += layer.total;
  }
  return total > 0 ? Math.min(100, (100 * current) / total) : -1;
}

import { useEffect, useSyncExternalStore } from "react";
import { apiUrl } from "./client.ts";
import { meQuery, queryClient } from "./queries.ts";
import type { LiveValues } from "./types.ts";

export type LiveName = "values" | "server" | "resource" | "command" | "alert";
export type LiveStatus = "connecting" | "live" | "lost";
type Handler = (name: LiveName, data: unknown) => void;

const names: readonly LiveName[] = ["values", "server", "resource", "command", "alert"];
const handlers = new Set<Handler>();
const statusListeners = new Set<() => void>();
let status: LiveStatus = "connecting";
let source: EventSource | null = null;
let focus: string | null = null;
let running = false;
let retry: ReturnType<typeof setTimeout> | undefined;
let attempts = 0;

/** Every tab holds one event stream: of the fleet, or of the one server that its page shows (at 1 s). */
export function startLive(handler: Handler): () => void {
  handlers.add(handler);
  running = true;
  open();
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    handlers.delete(handler);
    running = false;
    close();
    document.removeEventListener("visibilitychange", onVisibility);
  };
}

/** Narrows the stream to one server while the calling component is mounted. */
export function useLiveFocus(serverId: string | null): void {
  useEffect(() => {
    if (serverId === null) return;
    setFocus(serverId);
    return () => setFocus(null);
  }, [serverId]);
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    (listener) => {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    () => status,
  );
}

function setStatus(next: LiveStatus): void {
  if (status === next) return;
  status = next;
  for (const listener of statusListeners) listener();
}

let focusTimer: ReturnType<typeof setTimeout> | undefined;

function setFocus(id: string | null): void {
  focus = id;
  tracks.clear();
  // From one server to another the old focus is cleared and the new set at once: open one stream, not two.
  clearTimeout(focusTimer);
  focusTimer = setTimeout(open, 50);
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function open(): void {
  close();
  if (!running) return;
  setStatus("connecting");
  const stream = new EventSource(apiUrl("live", { server: focus }));
  source = stream;
  stream.onopen = () => {
    // After a gap the lists may be old.
    if (attempts > 0) void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "metrics" });
    attempts = 0;
    setStatus("live");
  };
  stream.onerror = () => {
    setStatus("lost");
    close();
    attempts += 1;
    if (attempts % 3 === 0) void queryClient.refetchQueries({ queryKey: meQuery.queryKey });
    retry = setTimeout(open, Math.random() * Math.min(15_000, 1000 * 2 ** Math.min(attempts, 4)) + 250);
  };
  for (const name of names) {
    stream.addEventListener(name, (event) => {
      const data: unknown = JSON.parse((event as MessageEvent<string>).data);
      for (const handler of handlers) handler(name, data);
    });
  }
}

let hiddenTimer: ReturnType<typeof setTimeout> | undefined;

/** A tab that nobody sees lets its server fall back to the normal interval after half a minute. */
function onVisibility(): void {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = setTimeout(close, 30_000);
  else if (!source) open();
}

type Track = { at: number[]; rows: (number | null)[][] };
const windowMs = 5 * 60_000;
const tracks = new Map<number, Track>();
const trackListeners = new Set<() => void>();
let trackVersion = 0;

/** Keeps the last five minutes of live values of the server in focus. */
export function rememberValues(data: LiveValues): void {
  if (data.serverId !== focus) return;
  const at = new Date(data.at).getTime();
  for (const resource of data.resources) {
    const track = tracks.get(resource.id) ?? { at: [], rows: [] };
    tracks.set(resource.id, track);
    if (at <= (track.at.at(-1) ?? 0)) continue;
    track.at.push(at);
    track.rows.push(resource.values);
    while ((track.at[0] ?? at) < at - windowMs) {
      track.at.shift();
      track.rows.shift();
    }
  }
  trackVersion += 1;
  for (const listener of trackListeners) listener();
}

export function liveTrack(resourceId: number): Track | undefined {
  return tracks.get(resourceId);
}

/** Changes with each live report while `on`. */
export function useLiveVersion(on: boolean): number {
  return useSyncExternalStore(
    (listener) => {
      if (!on) return () => {};
      trackListeners.add(listener);
      return () => trackListeners.delete(listener);
    },
    () => (on ? trackVersion : 0),
  );
}

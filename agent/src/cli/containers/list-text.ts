import { ago, bytes, duration, table } from "../text.ts";
import { type ContainerView, isBad, type Listed } from "./list.ts";

type View = { hidden: number; several: boolean; columns: number; now: number };

type Column = { head: string; of(one: Listed): string };

/** The containers as a table that fits the terminal, then what is wrong with some. `hidden`: stopped ones left out. */
export function listText({ containers, failures }: ContainerView, view: View): string {
  const blocks: string[] = [];
  if (containers.length > 0) blocks.push(fitting(columnsFor(view), containers, view.columns));
  else blocks.push(view.hidden > 0 ? "no container runs" : "no containers");
  const notes = [
    ...containers.filter((one) => isBad(one) && one.reason !== "").map((one) => [`${one.key}:`, one.reason]),
    ...failures.map((line) => ["could not read:", line]),
  ];
  if (notes.length > 0) blocks.push(table(notes));
  if (view.hidden > 0) blocks.push(`${view.hidden} stopped: --all shows ${view.hidden === 1 ? "it" : "them"}`);
  return blocks.join("\n\n");
}

/** The most important ones first; `given up` from the end where the terminal is narrow. */
function columnsFor({ several, now }: View): Column[] {
  return [
    { head: "NAME", of: ({ name }) => name },
    ...(several ? [{ head: "RUNTIME", of: ({ runtime }: Listed) => runtime }] : []),
    { head: "STATE", of: (one) => stateText(one, now) },
    { head: "IMAGE", of: ({ image }) => shortImage(image) },
    { head: "UP", of: ({ uptimeSeconds }) => (uptimeSeconds === null ? "-" : duration(uptimeSeconds)) },
    { head: "CPU", of: ({ cpuCores }) => (cpuCores === null ? "-" : `${(cpuCores * 100).toFixed(1)} %`) },
    { head: "MEMORY", of: memoryText },
    { head: "RESTARTS", of: ({ restarts }) => String(restarts ?? "-") },
    { head: "PROJECT", of: ({ composeProject }) => composeProject ?? "-" },
    { head: "PORTS", of: ({ ports }) => portsText(ports) },
    { head: "DIGEST", of: ({ digest }) => shortDigest(digest) },
  ];
}

function fitting(columns: readonly Column[], containers: readonly Listed[], width: number): string {
  for (let count = columns.length; ; count--) {
    const shown = columns.slice(0, count);
    const text = table([shown.map(({ head }) => head), ...containers.map((one) => shown.map(({ of }) => of(one)))]);
    if (count <= 3 || text.split("\n").every((line) => line.length <= width)) return text;
  }
}

function stateText({ state, health, exitCode, finishedAt }: Listed, now: number): string {
  if (state === "running") return health ?? "running";
  const at = finishedAt === null ? 0 : Date.parse(finishedAt);
  const end = exitCode === null ? "" : ` (${exitCode})`;
  return `${state}${end}${at > 0 && state === "exited" ? ` ${ago(at, now)}` : ""}`;
}

function memoryText({ memoryBytes, memoryLimitBytes }: Listed): string {
  if (memoryBytes === null) return "-";
  return memoryLimitBytes === null ? bytes(memoryBytes) : `${bytes(memoryBytes)} / ${bytes(memoryLimitBytes)}`;
}

/** "app:1.2"; of a digest its first 12 digits. */
export function shortImage(image: string): string {
  return image.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/, "sha256:$1");
}

/** The first 12 digits of a digest, "-" where there is none. */
export function shortDigest(digest: string | null): string {
  return digest === null ? "-" : digest.replace(/^sha256:/, "").slice(0, 12);
}

// The host's own address says nothing; IPv4 and IPv6 of the same port are one.
function portsText(ports: readonly string[]): string {
  const published = ports
    .filter((port) => port.includes("->"))
    .map((port) => port.replace(/^(0\.0\.0\.0|\[?::\]?):/, ""));
  const all = [...new Set(published.length > 0 ? published : ports)];
  return all.length === 0 ? "-" : `${all.slice(0, 4).join(", ")}${all.length > 4 ? ", ..." : ""}`;
}

import { at, type Doc, numberAt, textAt } from "./documents.ts";

const maxOperations = 200;
const slowSeconds = 10;

/** What runs for a second or more, waits for a lock or holds a transaction open; as a pipeline on `admin`. */
export const operationsPipeline = [
  { $currentOp: { allUsers: true, idleConnections: false, idleSessions: true, truncateOps: true } },
  {
    $match: {
      $or: [{ active: true, secs_running: { $gte: 1 } }, { waitingForLock: true }, { transaction: { $exists: true } }],
      // The agent's own, and what each driver keeps waiting for news.
      appName: { $ne: "fairlead-agent" },
      "command.hello": { $exists: false },
      "command.isMaster": { $exists: false },
    },
  },
  { $sort: { secs_running: -1 } },
  { $limit: maxOperations },
];

export type Operations = {
  slowRunning: number;
  longestSeconds: number;
  longestTransactionSeconds: number;
  longRunning: { seconds: number; user: string; database: string; state: string; waitsFor: string; text: string }[];
};

/** Sums up currentOp. Internal threads of replication and of change streams that wait are no queries of anybody. */
export function readOperations(found: readonly Doc[]): Operations {
  const clients = found.filter((one) => textAt(one, "desc").startsWith("conn") || at(one, "client") !== undefined);
  const running = clients.filter((one) => at(one, "active") === true && !isWaitingForNews(one));
  const seconds = running.map((one) => numberAt(one, "secs_running")).filter((age) => age >= 0);
  const open = found.map((one) => numberAt(one, "transaction", "timeOpenMicros") / 1e6).filter((age) => age >= 0);
  return {
    slowRunning: seconds.filter((age) => age > slowSeconds).length,
    longestSeconds: Math.max(0, ...seconds),
    longestTransactionSeconds: Math.max(0, ...open),
    longRunning: running
      .map(longRunning)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 10),
  };
}

function longRunning(one: Doc): Operations["longRunning"][number] {
  const namespace = textAt(one, "ns", 200);
  return {
    seconds: Math.max(0, numberAt(one, "secs_running")) || 0,
    user: textAt((at(one, "effectiveUsers") as unknown[] | undefined)?.[0], "user", 80),
    database: namespace.split(".")[0] ?? "",
    state: textAt(one, "op", 40),
    waitsFor: at(one, "waitingForLock") === true ? "a lock" : "",
    text: [textAt(one, "op", 40), namespace, shape(at(one, "command"))]
      .filter((part) => part !== "")
      .join(" ")
      .slice(0, 500),
  };
}

// A tailable cursor that waits for more is as old as it wants to be.
function isWaitingForNews(one: Doc): boolean {
  return at(one, "cursor", "awaitData") === true || at(one, "cursor", "tailable") === true;
}

/** A command's field names, "?" for each value: what it looks for is nobody's business. Bounded in depth and length. */
export function shape(command: unknown): string {
  if (typeof command !== "object" || command === null || Object.hasOwn(command, "$truncated")) return "";
  return describe(command, 0).slice(0, 400);
}

const unneeded = new Set([
  "lsid",
  "$clusterTime",
  "$db",
  "$readPreference",
  "txnNumber",
  "signature",
  "apiVersion",
  "$audit",
]);

function describe(value: unknown, depth: number): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${describe(value[0], depth + 1)}]`;
  if (typeof value !== "object" || value === null || value instanceof Date || "_bsontype" in value || depth > 4)
    return "?";
  const fields = Object.entries(value)
    .filter(([name]) => !unneeded.has(name))
    .slice(0, 12);
  const said = fields.map(([name, inner], i) => {
    const isName = depth === 0 && i === 0 && typeof inner === "string";
    return `${clean(name)}: ${isName ? clean(inner as string) : describe(inner, depth + 1)}`;
  });
  return `{${said.join(", ")}}`;
}

function clean(name: string): string {
  return name.replaceAll(/[\p{Cc}\s]+/gu, " ").slice(0, 80);
}

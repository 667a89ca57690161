import { Badge, StateDot, type Tone } from "../../ui/badge.tsx";

const engines: Record<string, { name: string; sign: string; colour: string }> = {
  postgresql: { name: "PostgreSQL", sign: "Pg", colour: "--c2" },
  mysql: { name: "MySQL", sign: "My", colour: "--c1" },
  mariadb: { name: "MariaDB", sign: "Ma", colour: "--c3" },
  redis: { name: "Redis", sign: "Re", colour: "--c6" },
  valkey: { name: "Valkey", sign: "Va", colour: "--c5" },
  mongodb: { name: "MongoDB", sign: "Mo", colour: "--c7" },
  minio: { name: "MinIO", sign: "Mi", colour: "--c4" },
};

/** The engines in the order of filters. */
export const engineNames = Object.keys(engines);

/** An engine's name as its makers write it. */
export function engineName(engine: string): string {
  return engines[engine]?.name ?? engine;
}

/** A square with two letters in the engine's colour; its name is in the text for who can't see it. */
export function EngineSign({ engine, large }: { engine: string; large?: boolean }) {
  const { name, sign, colour } = engines[engine] ?? { name: engine, sign: engine.slice(0, 2), colour: "--c8" };
  return (
    <span
      title={name}
      className={`inline-flex shrink-0 items-center justify-center rounded-md font-semibold ${large ? "size-9 text-sm" : "size-7 text-2xs"}`}
      style={{ color: `var(${colour})`, background: `color-mix(in srgb, var(${colour}) 14%, transparent)` }}
    >
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{name}</span>
    </span>
  );
}

const tones: Record<string, Tone> = {
  up: "ok",
  down: "crit",
  timed_out: "crit",
  error: "warn",
  needs_credentials: "info",
};
const words: Record<string, string> = { timed_out: "no answer", error: "can't be read" };

/** The states in the order of filters, the worst first. */
export const databaseStates = ["down", "timed_out", "error", "needs_credentials", "up"];

/** A database's state for people. */
export function stateWord(state: string): string {
  return words[state] ?? state.replaceAll("_", " ");
}

type Known = { status: string | null; statusReason: string | null; goneAt: string | null };

/** A database's state; one that is up with something amiss is not well. */
export function DatabaseState({ database }: { database: Known }) {
  if (database.goneAt) return <StateDot state="gone">gone</StateDot>;
  const state = database.status ?? "unknown";
  return (
    <StateDot state={state} tone={state === "up" && database.statusReason ? "warn" : (tones[state] ?? "idle")}>
      {stateWord(state)}
    </StateDot>
  );
}

/** primary, replica, standalone; a plain one says nothing. */
export function RoleBadge({ role }: { role: string | null }) {
  if (role === null || role === "standalone") return null;
  return <Badge tone={role === "primary" ? "info" : "idle"}>{role}</Badge>;
}

/** What people call it: its configured name, else its container, else its address. */
export function databaseName(database: {
  name: string | null;
  container: string | null;
  address: string | null;
  key: string;
}): string {
  return database.name ?? database.container ?? database.address ?? database.key;
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { serversQuery } from "../../api/queries.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icons.tsx";
import { type KnownPool, poolCondition } from "./pool-condition.ts";
import { storageTone, storageWord } from "./words.ts";

const link = "text-accent hover:underline";

/** A verdict's or state's dot with its word; what is gone says that alone. */
export function StorageState({ state, goneAt = null }: { state: string | null; goneAt?: string | null }) {
  if (goneAt !== null) return <StateDot state="gone">gone</StateDot>;
  return (
    <StateDot state={state ?? "unknown"} tone={storageTone(state)}>
      {storageWord(state)}
    </StateDot>
  );
}

/** A pool's state, in the colour of the worst that is known of it. */
export function PoolState({ pool }: { pool: KnownPool & { goneAt?: string | null } }) {
  if (pool.goneAt) return <StorageState state={pool.state} goneAt={pool.goneAt} />;
  const { tone, word } = poolCondition(pool);
  return (
    <StateDot state={pool.state ?? "unknown"} tone={tone}>
      {word}
    </StateDot>
  );
}

export type StorageKind = "drive" | "pool" | "filesystem" | "controller";
const paths = {
  drive: "/storage/drives/$id",
  pool: "/storage/pools/$id",
  filesystem: "/storage/filesystems/$id",
  controller: "/storage/controllers/$id",
} as const;

/** A link to a drive, pool, filesystem or controller. */
export function StorageLink(props: { kind: StorageKind; id: number; className?: string; children: ReactNode }) {
  return (
    <Link to={paths[props.kind]} params={{ id: String(props.id) }} className={props.className ?? link}>
      {props.children}
    </Link>
  );
}

/** A link to a server's storage. */
export function ServerLink({ id, name, className = link }: { id: string; name: string; className?: string }) {
  return (
    <Link to="/servers/$id" params={{ id }} search={{ tab: "storage" }} className={className} title={name}>
      {name}
    </Link>
  );
}

/** The way back to a list. */
export function BackTo({ tab, label }: { tab: string; label: string }) {
  return (
    <Link
      to="/storage"
      search={{ tab }}
      className="mb-1 inline-flex items-center gap-1 text-xs text-muted hover:text-text"
    >
      <Icon name="left" size={12} /> {label}
    </Link>
  );
}

/** Whether a server's agent takes this command; unknown is taken for yes, the agent says no in the end. */
export function useTakes(serverId: string, command: string): boolean {
  const { data } = useQuery(serversQuery);
  const capabilities = data?.find((server) => server.id === serverId)?.capabilities ?? [];
  return capabilities.length === 0 || capabilities.includes(command);
}

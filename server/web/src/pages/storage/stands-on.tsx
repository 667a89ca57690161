import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { StandsOn } from "../../api/storage-types.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { PoolState, StorageLink, StorageState } from "./parts.tsx";
import { poolTypeName } from "./words.ts";

const shown = 12;

/** What is lost when this is lost, each with its state. */
export function StandsOnPanel({
  title,
  standsOn,
  nothing,
}: {
  title: string;
  standsOn: Partial<StandsOn>;
  nothing: string;
}) {
  const { pools = [], filesystems = [], containers = [] } = standsOn;
  const isEmpty = pools.length + filesystems.length + containers.length === 0;
  return (
    <Panel title={title}>
      {isEmpty ? (
        <p className="px-3 py-2 text-muted">{nothing}</p>
      ) : (
        <div className="divide-y divide-line">
          <PoolsBelow pools={pools} />
          <FilesystemsBelow filesystems={filesystems} />
          <Group
            label="Containers"
            rows={containers.map(({ id, name, state }) => (
              <Row key={id} state={<StateDot state={state ?? "unknown"} />} note={null}>
                <Link to="/containers/$id" params={{ id: String(id) }} className="text-accent hover:underline">
                  {name}
                </Link>
              </Row>
            ))}
          />
        </div>
      )}
    </Panel>
  );
}

/** Drives below something, the worst first. */
export function DrivesBelow({ drives }: { drives: readonly { id: number; name: string; verdict: string | null }[] }) {
  if (drives.length === 0) return null;
  return (
    <Group
      label="Drives"
      rows={drives.map(({ id, name, verdict }) => (
        <Row key={id} state={<StorageState state={verdict} />} note={null}>
          <StorageLink kind="drive" id={id}>
            {name}
          </StorageLink>
        </Row>
      ))}
    />
  );
}

/** Filesystems, each with its state. */
export function FilesystemsBelow({ filesystems }: { filesystems: StandsOn["filesystems"] }) {
  return (
    <Group
      label="Filesystems"
      rows={filesystems.map(({ id, mountPoint, type, state }) => (
        <Row key={id} state={<StorageState state={state} />} note={type}>
          <StorageLink kind="filesystem" id={id}>
            {mountPoint}
          </StorageLink>
        </Row>
      ))}
    />
  );
}

/** Pools, each with its state in the colour that its own page has. */
export function PoolsBelow({ pools }: { pools: StandsOn["pools"] }) {
  return (
    <Group
      label="Pools"
      rows={pools.map((pool) => (
        <Row key={pool.id} state={<PoolState pool={pool} />} note={poolTypeName(pool.type)}>
          <StorageLink kind="pool" id={pool.id}>
            {pool.name}
          </StorageLink>
        </Row>
      ))}
    />
  );
}

function Group({ label, rows }: { label: string; rows: readonly ReactNode[] }) {
  if (rows.length === 0) return null;
  const rest = rows.slice(shown);
  return (
    <div className="px-3 py-2">
      <h3 className="mb-1 text-xs text-muted">
        {label} {rows.length > 1 && rows.length}
      </h3>
      <ul>{rows.slice(0, shown)}</ul>
      {rest.length > 0 && (
        <details>
          <summary className="w-fit rounded text-accent hover:underline">{rest.length} more</summary>
          <ul>{rest}</ul>
        </details>
      )}
    </div>
  );
}

function Row({ state, note, children }: { state: ReactNode; note: string | null; children: ReactNode }) {
  return (
    <li className="flex min-h-6 items-center justify-between gap-3">
      <span className="min-w-0">
        {children} {note && <span className="text-xs text-muted">{note}</span>}
      </span>
      {state}
    </li>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Fragment, useMemo, useState } from "react";
import { resourcesQuery } from "../../api/queries.ts";
import type { Drive, OnePool, PoolMember } from "../../api/storage-types.ts";
import { formatBytes, formatNumber, missing } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { StorageLink, StorageState } from "./parts.tsx";
import { serverDrivesQuery } from "./queries.ts";
import { driveName } from "./words.ts";

/** Groups that are well are closed in a pool of more leaves than these. */
const manyLeaves = 60;

const roles: Record<string, string> = {
  data: "Data",
  special: "Special",
  dedup: "Deduplication",
  log: "Log",
  cache: "Cache",
  spare: "Spares",
  parity: "Parity",
  journal: "Journal",
  "write-cache": "Write cache",
};

/** The pool's groups and devices as a tree, each device with its drive. */
export function Members({ pool }: { pool: OnePool }) {
  const { members } = pool;
  const drives = useQuery(serverDrivesQuery(pool.serverId));
  const byId = useMemo(() => new Map(drives.data?.map((drive) => [drive.id, drive])), [drives.data]);
  const temperatures = useMemberTemperatures(pool);
  if (members.length === 0) {
    return (
      <Panel title="Members" className="mb-3">
        <EmptyState title="No members are known">Its agent could not tell the devices of this pool.</EmptyState>
      </Panel>
    );
  }
  const byRole = Map.groupBy(members, ({ role }) => role ?? "data");
  const several = byRole.size > 1;
  const closed = leaves(members).length > manyLeaves;
  const shows = columnsOf(members);
  return (
    <Panel title="Members" className="mb-3">
      <table className="data" aria-label="Members">
        <thead>
          <tr>
            <th>Device</th>
            <th>State</th>
            {shows.errors && <th className="num">Errors</th>}
            {shows.size && <th className="num">Size</th>}
            <th>Drive</th>
            <th className="num">Temperature</th>
          </tr>
        </thead>
        <tbody>
          {[...byRole].map(([role, group]) => (
            <Fragment key={role}>
              {several && (
                <tr className="bg-sunken/60">
                  <td colSpan={6} className="py-1! text-xs text-muted">
                    {roles[role] ?? role}
                  </td>
                </tr>
              )}
              {group.map((member, i) => (
                <Branch
                  // biome-ignore lint/suspicious/noArrayIndexKey: two missing devices may have one name
                  key={`${member.name} ${i}`}
                  member={member}
                  depth={0}
                  closed={closed}
                  shows={shows}
                  driveOf={(id) => byId.get(id)}
                  temperatureOf={(id) => temperatures.get(id)}
                />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

type BranchProps = {
  member: PoolMember;
  depth: number;
  closed: boolean;
  shows: { errors: boolean; size: boolean };
  driveOf: (id: number) => Drive | undefined;
  temperatureOf: (memberId: number) => number | undefined;
};

function Branch(props: BranchProps) {
  const { member, depth, closed } = props;
  const [isOpen, setOpen] = useState(!closed || !isWell(member));
  const isGroup = member.children.length > 0;
  return (
    <>
      <Row {...props} isOpen={isOpen} onToggle={isGroup ? () => setOpen(!isOpen) : undefined} />
      {isGroup &&
        isOpen &&
        member.children.map((child, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two missing devices may have one name
          <Branch {...props} key={`${child.name} ${i}`} member={child} depth={depth + 1} />
        ))}
    </>
  );
}

function Row(props: BranchProps & { isOpen: boolean; onToggle: (() => void) | undefined }) {
  const { member, depth, shows, onToggle, isOpen } = props;
  const drive = member.drive === null ? undefined : props.driveOf(member.drive.id);
  const temperature = drive?.temperatureCelsius ?? (member.id === null ? undefined : props.temperatureOf(member.id));
  const most = drive?.temperatureLimitCelsius ?? null;
  const hot = temperature !== undefined && most !== null && temperature > most;
  return (
    <tr>
      <td>
        <span className="flex min-w-0 items-center gap-1.5" style={{ paddingLeft: `${depth * 1.25}rem` }}>
          {onToggle ? (
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={onToggle}
              className="-ml-1 flex min-w-0 items-center gap-1 rounded px-1 font-medium hover:bg-hover"
            >
              <Icon name="down" size={14} className={isOpen ? "" : "-rotate-90"} />
              <span className="min-w-0">{member.name}</span>
            </button>
          ) : (
            <>
              {depth > 0 && (
                <span aria-hidden="true" className="text-line-strong">
                  └
                </span>
              )}
              <span className="min-w-0" title={member.path ?? undefined}>
                {member.name}
              </span>
            </>
          )}
          {depth > 0 && <span className="sr-only">, level {depth + 1}</span>}
          {member.type !== null && onToggle && !member.name.startsWith(member.type) && <Badge>{member.type}</Badge>}
          {member.resilvering && <Badge tone="info">resilvering</Badge>}
        </span>
      </td>
      <td data-label="State">
        <StorageState state={member.state?.toLowerCase() ?? null} />
      </td>
      {shows.errors && (
        <td data-label="Errors" className={`num ${hasErrors(member) ? "" : "max-md:hidden!"}`}>
          <Errors member={member} />
        </td>
      )}
      {shows.size && (
        <td data-label="Size" className="num text-muted max-md:hidden!">
          {member.sizeBytes === null ? "" : formatBytes(member.sizeBytes)}
        </td>
      )}
      <td {...(!onToggle && { "data-label": "Drive" })}>
        {!onToggle && <MemberDrive member={member} drive={drive} />}
      </td>
      <td
        {...(temperature !== undefined && { "data-label": "Temperature" })}
        className={`num ${hot ? "text-crit" : ""}`}
      >
        {temperature !== undefined && `${Math.round(temperature)} °C`}
      </td>
    </tr>
  );
}

function MemberDrive({ member, drive }: { member: PoolMember; drive: Drive | undefined }) {
  const { drive: found, driveHint } = member;
  if (found === null) {
    const hint = [driveHint?.serial && `serial ${driveHint.serial}`, driveHint?.slot && `slot ${driveHint.slot}`];
    return <span className="text-muted">{hint.filter(Boolean).join(", ") || missing}</span>;
  }
  return (
    <span className="flex min-w-0 items-center gap-2 max-md:flex-wrap max-md:justify-end">
      <span className="min-w-0">
        <StorageLink kind="drive" id={found.id}>
          {driveName(found)}
        </StorageLink>{" "}
        <span className="text-xs text-muted">{[found.model, found.serial].filter(Boolean).join(" · ")}</span>
      </span>
      <StorageState state={drive?.verdict ?? found.verdict} />
    </span>
  );
}

function Errors({ member: { readErrors, writeErrors, checksumErrors, slowIos } }: { member: PoolMember }) {
  const counts: [number | null, string][] = [
    [readErrors, "read"],
    [writeErrors, "write"],
    [checksumErrors, "checksum"],
  ];
  const known = counts.flatMap(([count, word]) => (count === null ? [] : [{ count, word }]));
  if (known.length === 0) return "";
  const some = known.filter(({ count }) => count > 0);
  return (
    <span className={some.length > 0 ? "text-warn" : "text-muted"}>
      {some.length === 0 ? "0" : some.map(({ count, word }) => `${formatNumber(count)} ${word}`).join(", ")}
      {slowIos !== null && slowIos > 0 && <span className="block text-xs">{formatNumber(slowIos)} slow</span>}
    </span>
  );
}

function hasErrors({ readErrors, writeErrors, checksumErrors, slowIos }: PoolMember): boolean {
  return [readErrors, writeErrors, checksumErrors, slowIos].some((count) => (count ?? 0) > 0);
}

function columnsOf(members: readonly PoolMember[]): { errors: boolean; size: boolean } {
  const all = leaves(members);
  return {
    errors: all.some(({ readErrors, writeErrors, checksumErrors }) =>
      [readErrors, writeErrors, checksumErrors].some((count) => count !== null),
    ),
    size: all.some(({ sizeBytes }) => sizeBytes !== null),
  };
}

function leaves(members: readonly PoolMember[]): PoolMember[] {
  return members.flatMap((member) => (member.children.length === 0 ? [member] : leaves(member.children)));
}

function isWell(member: PoolMember): boolean {
  const state = member.state?.toLowerCase();
  return (state === "online" || state === "spare") && member.children.every(isWell);
}

/** Temperatures that the controller tells of drives which smartctl does not see, by member. */
function useMemberTemperatures(pool: OnePool): ReadonlyMap<number, number> {
  const isNeeded = leaves(pool.members).some(({ id, drive }) => id !== null && drive === null);
  const { data } = useQuery({ ...resourcesQuery(pool.serverId), enabled: isNeeded });
  return useMemo(() => {
    const members = (data ?? []).filter(({ kind }) => kind === "pool_member");
    return new Map(
      members.flatMap(({ id, latest }) => {
        const celsius = latest?.values.temperature_celsius;
        return celsius === null || celsius === undefined ? [] : [[id, celsius] as const];
      }),
    );
  }, [data]);
}

import type { Pool, PoolMember } from "./pool.ts";

/**
 * A device that is gone is shown by its GUID, "was /dev/disk/by-id/ata-X-part1": it keeps the name that it had, so that
 * its resource stays the same.
 */
export function sameNames(members: readonly PoolMember[], before: Pool | undefined): PoolMember[] {
  const known = new Set(before === undefined ? [] : flat(before.members).map((one) => one.device ?? one.name));
  const taken = new Set(flat(members).map((one) => one.name));
  const rename = (member: PoolMember): PoolMember => {
    const children = member.children.map(rename);
    if (children.length > 0 || !/^\d{5,}$/.test(member.name) || member.path === undefined)
      return { ...member, children };
    const base = member.path.slice(member.path.lastIndexOf("/") + 1);
    const names = [base, base.replace(/-part\d+$/, ""), base.replace(/p?\d+$/, ""), member.path];
    const device = names.find((name) => known.has(name)) ?? base;
    return { ...member, children, ...(device === "" || taken.has(device) ? {} : { device }) };
  };
  return members.map(rename);
}

function flat(members: readonly PoolMember[]): PoolMember[] {
  return members.flatMap((member) => [member, ...flat(member.children)]);
}

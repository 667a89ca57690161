import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../api/queries.ts";
import type { Role } from "../api/types.ts";

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Whether who is signed in may do what needs the role; the server decides in the end. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(meQuery);
  return data ? rank[data.user.role] >= rank[role] : false;
}

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "../../api/client.ts";
import type { Database, DatabaseDetail } from "../../api/database-types.ts";
import type { Page } from "../../api/types.ts";

export type DatabaseFilter = {
  server?: string | undefined;
  q?: string | undefined;
  state?: string | undefined;
  engine?: string | undefined;
  role?: string | undefined;
  sort?: string | undefined;
};

/** What the list begins with: the worst first. */
export const usualSort = "state";

/** Databases of the fleet or of one server, page after page, sorted and filtered by the server. */
export const databasesQuery = (filter: DatabaseFilter) =>
  infiniteQueryOptions({
    queryKey: ["databases", filter],
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
    initialPageParam: "",
    getNextPageParam: (page: Page<Database>) => page.nextCursor,
    queryFn: ({ signal, pageParam }) =>
      get<Page<Database>>(
        "infrastructure/databases",
        { ...filter, sort: filter.sort ?? usualSort, limit: 100, cursor: pageParam },
        signal,
      ),
  });

export const databaseQuery = (id: string) =>
  queryOptions({
    queryKey: ["databases", "one", id],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => get<DatabaseDetail>(`infrastructure/databases/${id}`, {}, signal),
  });

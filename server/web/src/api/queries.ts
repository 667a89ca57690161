import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import { ApiError, get, getAll } from "./client.ts";
import type {
  Alert,
  AlertRule,
  ApiToken,
  AuditEntry,
  CollectorStatus,
  Command,
  Container,
  ContainerUpdate,
  Delivery,
  EnrolmentToken,
  Health,
  Job,
  Me,
  Page,
  Receiver,
  Resource,
  Server,
  StateChange,
  UserRow,
} from "./types.ts";

/** Retries what may pass by itself, never what the server refused. A lost session leads back to the sign-in. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      retryDelay: (count) => 500 * 2 ** count,
    },
  },
});
queryClient.getQueryCache().subscribe((event) => {
  const error = event.type === "updated" && event.action.type === "error" ? event.action.error : null;
  if (error instanceof ApiError && error.status === 401 && event.query.queryKey[0] !== "me") signedOut();
});

/** Forgets who is signed in and everything they saw. */
export function signedOut(): void {
  if (queryClient.getQueryData(["me"]) === null) return;
  queryClient.setQueryData(["me"], null);
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await get<Me>("auth/me", {}, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const serversQuery = queryOptions({
  queryKey: ["servers"],
  refetchInterval: 60_000,
  queryFn: ({ signal }) => getAll<Server>("infrastructure/servers", { sort: "name" }, signal),
});

export const serverQuery = (id: string) =>
  queryOptions({
    queryKey: ["server", id],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => get<Server>(`infrastructure/servers/${id}`, {}, signal),
    placeholderData: () => queryClient.getQueryData<Server[]>(["servers"])?.find((server) => server.id === id),
  });

export const collectorsQuery = (id: string) =>
  queryOptions({
    queryKey: ["collectors", id],
    refetchInterval: 15_000,
    queryFn: async ({ signal }) =>
      (await get<Page<CollectorStatus>>(`infrastructure/servers/${id}/collectors`, {}, signal)).items,
  });

export const resourcesQuery = (server: string) =>
  queryOptions({
    queryKey: ["resources", server],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => getAll<Resource>("resources", { server, gone: false }, signal),
  });

export const stateChangesQuery = (serverId: string) =>
  queryOptions({
    queryKey: ["state-changes", serverId],
    queryFn: async ({ signal }) => {
      const path = `infrastructure/servers/${serverId}/state-changes`;
      return (await get<Page<StateChange>>(path, { limit: 50 }, signal)).items;
    },
  });

export const containersQuery = (server?: string) =>
  queryOptions({
    queryKey: ["containers", server ?? "all"],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => getAll<Container>("containers", { server }, signal),
  });

export const containerQuery = (id: number) =>
  queryOptions({
    queryKey: ["containers", "one", id],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => get<Container>(`containers/${id}`, {}, signal),
  });

/** Updates and roll-backs of one container, or of all of a server. */
export const updatesQuery = (of: { container: number } | { server: string }, limit = 50) =>
  queryOptions({
    queryKey: ["commands", "updates", of, limit],
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const path = "container" in of ? `containers/${of.container}` : `infrastructure/servers/${of.server}`;
      return get<Page<ContainerUpdate>>(`${path}/updates`, { limit }, signal);
    },
  });

/** What is measured on a server, of some kinds. */
export const holdingsQuery = (server: string, kind: string) =>
  queryOptions({
    queryKey: ["resources", server, kind],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => getAll<Resource>("resources", { server, kind, gone: false }, signal),
  });

export type CommandFilter = { server?: string | undefined; status?: string | undefined; type?: string | undefined };

export const commandsQuery = (filter: CommandFilter, limit = 50) =>
  queryOptions({
    queryKey: ["commands", filter, limit],
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<Command>>("commands", { ...filter, limit }, signal),
  });

export const commandQuery = (id: string) =>
  queryOptions({
    queryKey: ["command", id],
    queryFn: ({ signal }) => get<Command>(`commands/${id}`, {}, signal),
    refetchInterval: (query) => (query.state.data?.finishedAt ? false : 3_000),
  });

export type AlertFilter = { state?: string | undefined; severity?: string | undefined; server?: string | undefined };

export const alertsQuery = (filter: AlertFilter, limit = 100) =>
  queryOptions({
    queryKey: ["alerts", filter, limit],
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      get<Page<Alert>>(
        "infrastructure/alerts",
        { ...filter, sort: filter.state === "pending" ? "-pendingAt" : "-firedAt", limit },
        signal,
      ),
  });

function listQuery<T>(key: string, path: string, refetchInterval: number | false = false) {
  return queryOptions({
    queryKey: [key],
    refetchInterval,
    queryFn: ({ signal }) => getAll<T>(path, {}, signal),
  });
}

export const rulesQuery = listQuery<AlertRule>("rules", "infrastructure/alert-rules");
export const receiversQuery = listQuery<Receiver>("receivers", "infrastructure/receivers");
export const deliveriesQuery = queryOptions({
  queryKey: ["alerts", "deliveries"],
  refetchInterval: 15_000,
  queryFn: async ({ signal }) => (await get<Page<Delivery>>("infrastructure/deliveries", { limit: 50 }, signal)).items,
});
export const tokensQuery = listQuery<ApiToken>("tokens", "auth/tokens");
export const enrolmentTokensQuery = listQuery<EnrolmentToken>("enrolment-tokens", "infrastructure/enrolment-tokens");
export const usersQuery = listQuery<UserRow>("users", "users");

/** The audit log, the newest first; `actor` is a whole name, `action` one action or a group of them. */
export const auditQuery = (filter: { actor?: string | undefined; action?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    placeholderData: keepPreviousData,
    initialPageParam: "",
    getNextPageParam: (page: Page<AuditEntry>) => page.nextCursor,
    queryFn: ({ signal, pageParam }) =>
      get<Page<AuditEntry>>("audit", { ...filter, limit: 50, cursor: pageParam }, signal),
  });

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  refetchInterval: 5_000,
  queryFn: async ({ signal }) => (await get<{ items: Job[] }>("infrastructure/scheduler", {}, signal)).items,
});

export const healthQuery = queryOptions({
  queryKey: ["health"],
  refetchInterval: 10_000,
  queryFn: ({ signal }) => get<Health>("infrastructure/health", {}, signal),
});

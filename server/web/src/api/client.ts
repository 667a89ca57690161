export type FieldProblem = { field: string; value?: unknown; message: string };

/** A refused or failed request in the words of its problem+json answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];
  constructor(status: number, title: string, detail: string, requestId: string | null, fields: FieldProblem[] = []) {
    super(detail || title);
    this.name = "ApiError";
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.requestId = requestId;
    this.fields = fields;
  }
}

type Value = string | number | boolean | null | undefined;
export type Query = Record<string, Value | readonly Value[]>;

/** Path below /api/v1 with its query; empty values are left out, lists are repeated. */
export function apiUrl(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== "") params.append(name, String(one));
    }
  }
  const text = params.toString();
  return `/api/v1/${path}${text ? `?${text}` : ""}`;
}

type Options = { query?: Query; body?: unknown; signal?: AbortSignal; headers?: Record<string, string> };

/** Asks the API. Throws ApiError for every answer that is not 2xx and where the server can't be reached. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const init: RequestInit = { method, headers: { accept: "application/json", ...options.headers } };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, "The server can't be reached", "Check your network, or whether Fairlead is running.", null);
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json().catch(() => undefined)) as T;
  throw await readProblem(response);
}

async function readProblem(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
  return new ApiError(
    response.status,
    text("title") || `The server answered ${response.status}`,
    text("detail"),
    text("requestId") || response.headers.get("x-request-id"),
    Array.isArray(body.errors) ? (body.errors as FieldProblem[]) : [],
  );
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>("GET", path, { ...(query && { query }), ...(signal && { signal }) });
export const post = <T>(path: string, body: unknown = {}, headers?: Record<string, string>) =>
  request<T>("POST", path, { body, ...(headers && { headers }) });
export const patch = <T>(path: string, body: unknown) => request<T>("PATCH", path, { body });
export const remove = (path: string) => request<void>("DELETE", path);

/** All pages of a list, up to `cap` rows. */
export async function getAll<T>(path: string, query: Query = {}, signal?: AbortSignal, cap = 10_000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await get<{ items: T[]; nextCursor: string | null }>(path, { limit: 500, ...query, cursor }, signal);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && items.length < cap);
  return items;
}

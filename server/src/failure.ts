/** The codes a service may fail with; each transport maps them once. */
export type FailureCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_many_requests"
  | "unavailable"
  | "internal";

/** One wrong field: its path, the value as the caller sent it (secrets left out) and what to do. */
export type FieldError = { field: string; value?: unknown; message: string };

/** The error that services throw. `message` is for people and holds no secret. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly fields: readonly FieldError[];
  /** When trying again makes sense, where that is known. */
  readonly retryAfterSeconds: number | undefined;
  constructor(
    code: FailureCode,
    message: string,
    options: { fields?: readonly FieldError[]; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Failure";
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

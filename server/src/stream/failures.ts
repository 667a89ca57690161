import { status } from "@grpc/grpc-js";
import type { FailureCode } from "../failure.ts";
import { Failure } from "../failure.ts";

/** What a call ends with. */
export type CallError = { code: status; details: string };

const codes: Record<FailureCode, status> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  too_many_requests: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
  internal: status.INTERNAL,
};

/** The status for what a service threw; undefined for what no service throws, which is a defect or an outage. */
export function callErrorOf(error: unknown): CallError | undefined {
  return error instanceof Failure ? { code: codes[error.code], details: error.message } : undefined;
}

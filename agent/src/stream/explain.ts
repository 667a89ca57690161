import { status } from "@grpc/grpc-js";
import { errorText, printable } from "../log.ts";

/**
 * Why a call or session ended, with what to do about it. `slow`: trying again soon is of no use. `malformed`: the other
 * side takes a frame of ours for broken or too large.
 */
export type Explained = { text: string; slow: boolean; malformed?: true };

const texts: readonly { pattern: RegExp; text: string; slow?: true }[] = [
  { pattern: /ECONNREFUSED/, text: "connection refused: is the server running, and is this its gRPC port?" },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|Name resolution failed/,
    text: "host name not found: check the server's name and DNS",
  },
  { pattern: /EHOSTUNREACH|ENETUNREACH/, text: "no route to the server: check the network and firewalls" },
  { pattern: /ETIMEDOUT|DEADLINE_EXCEEDED|no TLS answer/, text: "no answer in time: check the address and firewalls" },
  {
    pattern: /CERT_NOT_YET_VALID|certificate is not yet valid/i,
    text: "the server's certificate is not valid yet: this host's clock is probably behind; set it",
    slow: true,
  },
  {
    pattern: /CERT_HAS_EXPIRED|certificate has expired/i,
    text: "a certificate has expired: check this host's clock, then the server's",
    slow: true,
  },
  {
    pattern: /SELF_SIGNED|self-signed certificate|unable to verify|UNABLE_TO|certificate signature failure/i,
    text: "the server's certificate is not of the pinned CA: another server or a TLS proxy answers; enrol again if it moved",
    slow: true,
  },
  {
    pattern: /ERR_TLS_CERT_ALTNAME_INVALID|altnames/i,
    text: "the server's certificate is not a Fairlead one: check host and port",
    slow: true,
  },
  {
    pattern: /alert certificate expired/i,
    text: "the server says that our certificate has expired: enrol again with a fresh token",
    slow: true,
  },
  {
    pattern: /wrong version number|packet length too long/i,
    text: "no TLS there: is this the gRPC port, not the HTTP one?",
  },
];

/** Turns an error of grpc or TLS into one line for people. */
export function explain(error: unknown): Explained {
  const code = (error as { code?: unknown }).code;
  const detail = (error as { details?: unknown }).details;
  const raw = printable(typeof detail === "string" && detail !== "" ? detail : errorText(error)).slice(0, 500);
  if (code === status.UNAUTHENTICATED) return { text: `refused: ${raw}`, slow: true };
  if (code === status.PERMISSION_DENIED) return { text: `refused: ${raw}`, slow: true };
  if (code === status.FAILED_PRECONDITION) return { text: `${raw}: update the agent or the server`, slow: true };
  if (code === status.ABORTED) {
    return {
      text: `${raw}: if it recurs, another host runs with a copy of this one's key; enrol one of them again`,
      slow: true,
    };
  }
  if (code === status.INVALID_ARGUMENT || (code === status.RESOURCE_EXHAUSTED && /larger than/.test(raw))) {
    return { text: `the server refused a frame: ${raw}`, slow: false, malformed: true };
  }
  const known = texts.find(({ pattern }) => pattern.test(raw) || pattern.test(String(code)));
  if (known) return { text: `${known.text} (${raw})`, slow: known.slow === true };
  return { text: raw, slow: false };
}

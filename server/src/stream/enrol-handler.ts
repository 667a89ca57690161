import { pb } from "@fairlead/proto";
import { type handleUnaryCall, status } from "@grpc/grpc-js";
import type { CertificateAuthority } from "../ca/certificate-authority.ts";
import type { Context } from "../context.ts";
import { enrolAgent } from "../services/agent/enrol.ts";
import { renewAgent } from "../services/agent/renew.ts";
import { authenticate } from "./agent-session.ts";
import { createAttemptLimit } from "./attempt-limit.ts";
import { cleanText } from "./clean-text.ts";
import { callErrorOf } from "./failures.ts";
import { SessionEnd } from "./session-state.ts";
import type { StreamMetrics } from "./stream-metrics.ts";
import type { Connection } from "./tls-listener.ts";

type Needs = {
  context: Pick<Context, "db" | "bus" | "now" | "sessions" | "log">;
  ca: CertificateAuthority;
  metrics: StreamMetrics;
  find(peer: string): Connection | undefined;
};

const failuresPerMinute = 10;
const maxFacts = 64;

/** Handlers of the two calls that hand out certificates. */
export function enrolHandlers({ context, ca, metrics, find }: Needs) {
  const attempts = createAttemptLimit(failuresPerMinute);

  async function enroll(bytes: Buffer, peer: string): Promise<pb.EnrollResponse.$Properties> {
    const ip = find(peer)?.peer ?? peer;
    const at = context.now().getTime();
    if (!attempts.allowed(ip, at)) {
      throw new SessionEnd(status.RESOURCE_EXHAUSTED, "too many failed attempts from this address: wait a minute");
    }
    const request = decode(() => pb.EnrollRequest.decode(bytes), "EnrollRequest");
    try {
      const done = await enrolAgent(context, ca, {
        token: text(request.token, "token", 512),
        csrDer: small(request.csrDer),
        hostname: text(request.hostname, "hostname", 253),
        machineId: request.machineId ? cleanText(request.machineId, 128) : null,
        agentVersion: text(request.agentVersion, "agent_version", 64),
        facts: factsOf(request.facts ?? {}),
        ip,
      });
      metrics.certificates.add(1, { cause: done.again ? "enrol_again" : "enrol" });
      context.log.info({ serverId: done.serverId, peer: ip, again: done.again }, "agent enrolled");
      return { serverId: done.serverId, certificateDer: done.certificateDer, caDer: ca.certificateDer };
    } catch (error) {
      const known = callErrorOf(error);
      if (known?.code === status.UNAUTHENTICATED) {
        attempts.failed(ip, at);
        metrics.refused.add(1, { reason: "enrolment_token" });
        context.log.warn({ peer: ip, details: known.details }, "enrolment refused");
      }
      throw error;
    }
  }

  async function renew(bytes: Buffer, peer: string): Promise<pb.RenewResponse.$Properties> {
    const connection = find(peer);
    const { serverId } = await authenticate({ ca, metrics }, connection);
    const request = decode(() => pb.RenewRequest.decode(bytes), "RenewRequest");
    const csrDer = small(request.csrDer);
    const certificateDer = await renewAgent(context, ca, { serverId, csrDer, ip: connection?.peer ?? peer });
    metrics.certificates.add(1, { cause: "renew" });
    return { certificateDer };
  }

  return { enroll: unary(enroll), renew: unary(renew) };

  function unary<S>(work: (bytes: Buffer, peer: string) => Promise<S>): handleUnaryCall<Buffer, S> {
    return (call, callback) => {
      work(call.request, call.getPeer()).then(
        (answer) => callback(null, answer),
        (error: unknown) => {
          if (error instanceof SessionEnd) return callback({ code: error.code, details: error.message });
          const known = callErrorOf(error);
          if (known !== undefined) return callback(known);
          context.log.error({ err: error }, "agent call failed");
          callback({ code: status.UNAVAILABLE, details: "the server cannot do this now: try again later" });
        },
      );
    };
  }
}

function decode<T>(read: () => T, name: string): T {
  try {
    return read();
  } catch (error) {
    throw new SessionEnd(status.INVALID_ARGUMENT, `this is no ${name}: ${(error as Error).message}`);
  }
}

function text(value: string | null | undefined, field: string, max: number): string {
  const clean = cleanText((value ?? "").trim(), max + 1);
  if (clean === "" || clean.length > max) {
    throw new SessionEnd(status.INVALID_ARGUMENT, `${field} must have 1 to ${max} characters`);
  }
  return clean;
}

function small(der: Uint8Array | null | undefined): Uint8Array {
  const bytes = der ?? new Uint8Array(0);
  if (bytes.length === 0 || bytes.length > 8_192) {
    throw new SessionEnd(status.INVALID_ARGUMENT, "csr_der must have 1 to 8192 bytes");
  }
  return bytes;
}

function factsOf(facts: Record<string, string>): Record<string, string> {
  const entries = Object.entries(facts).slice(0, maxFacts);
  return Object.fromEntries(entries.map(([name, value]) => [cleanText(name, 64), cleanText(value, 256)]));
}

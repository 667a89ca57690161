import { createHmac } from "node:crypto";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { ProbeError, type Target, tlsMode, tlsOptions } from "../probe.ts";

/** An answer, whatever its status. `encrypted`: it came through TLS. */
export type Response = { status: number; headers: Record<string, unknown>; body: string; encrypted: boolean };

const mostBytes = 8 * 1024 * 1024;

/** One request; a server that wants TLS gets it unless the target forbids that. Rejects with what the socket said. */
export async function ask(
  target: Target,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const options = tlsOptions(target);
  if (options !== undefined && tlsMode(target) !== "prefer") return await once(target, path, headers, options, signal);
  if (options !== undefined) {
    try {
      return await once(target, path, headers, options, signal);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (signal.aborted || !/^(EPROTO|ERR_SSL|ECONNRESET)/.test(code)) throw error;
    }
  }
  const answer = await once(target, path, headers, undefined, signal);
  const wantsTls = answer.status === 400 && /HTTP request to an HTTPS server/i.test(answer.body);
  if (!wantsTls) return answer;
  if (target.tls?.mode === "disable") {
    throw new ProbeError("error", "it wants TLS: set tls.mode of it in databases, or with its credentials");
  }
  return await once(target, path, headers, { rejectUnauthorized: false }, signal);
}

function once(
  target: Target,
  path: string,
  headers: Record<string, string>,
  encrypted: ReturnType<typeof tlsOptions>,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const place =
      target.socket === undefined
        ? { host: target.host ?? "127.0.0.1", port: target.port ?? 9000 }
        : { socketPath: target.socket };
    const options = { ...place, path, headers, signal, agent: false as const };
    const made = encrypted === undefined ? plainRequest(options) : tlsRequest({ ...options, ...encrypted });
    made.on("error", reject);
    made.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) {
          made.destroy(new ProbeError("error", `${path} answers more than ${mostBytes} bytes`));
          return;
        }
        chunks.push(chunk);
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
          encrypted: encrypted !== undefined,
        }),
      );
    });
    made.end();
  });
}

/** A token as it is given, or one for a minute that the access key's owner may sign: what `mc admin prometheus` makes. */
export function authorization({ user, password }: Target): Record<string, string> {
  if (password === undefined) return {};
  return { authorization: `Bearer ${user === undefined ? password : signedToken(user, password)}` };
}

function signedToken(accessKey: string, secretKey: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { exp: Math.floor(Date.now() / 1000) + 60, iss: "prometheus", sub: accessKey };
  const text = `${part({ alg: "HS512", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha512", secretKey).update(text).digest("base64url")}`;
}

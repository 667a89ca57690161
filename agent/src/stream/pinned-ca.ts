import { X509Certificate } from "node:crypto";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { fingerprint } from "../identity.ts";
import { serverCertificateName } from "./client.ts";

/**
 * Fetches the certificate chain that the server presents, without trusting it, and returns the CA certificate in it
 * whose SHA-256 is the pin. Rejects with both hashes when there is none.
 */
export async function fetchPinnedCa(
  address: { host: string; port: number },
  pin: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  const chain = await fetchChain(address, signal);
  const authorities = chain.filter((der) => new X509Certificate(der).ca);
  const found = authorities.find((der) => fingerprint(der) === pin);
  if (found) return found;
  const seen = authorities.map(fingerprint).join(", ") || "no CA certificate at all";
  throw new Error(
    `CA pin mismatch: expected ${pin}, the server presents ${seen}: ` +
      "compare with the install line; a proxy that opens TLS, or another server, answers here",
  );
}

function fetchChain(address: { host: string; port: number }, signal?: AbortSignal): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    // No trust is given here: what comes back is only compared with the pin.
    const socket = connect({
      ...address,
      servername: serverCertificateName,
      rejectUnauthorized: false,
      ALPNProtocols: ["h2"],
      timeout: 10_000,
    });
    const abort = () => socket.destroy(new Error("stopped"));
    signal?.addEventListener("abort", abort, { once: true });
    socket.on("timeout", () => socket.destroy(new Error(`no TLS answer from ${address.host}:${address.port} in 10 s`)));
    socket.on("error", reject);
    socket.on("close", () => signal?.removeEventListener("abort", abort));
    socket.on("secureConnect", () => {
      const chain: Buffer[] = [];
      let at: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      while (at?.raw && !chain.some((der) => der.equals(at?.raw as Buffer))) {
        chain.push(at.raw);
        at = at.issuerCertificate;
      }
      socket.destroy();
      resolve(chain);
    });
  });
}

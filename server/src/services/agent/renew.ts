import type { CertificateAuthority } from "../../ca/certificate-authority.ts";
import type { Context } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";

/** Issues a new certificate for an agent that holds a valid one; that stays valid until it expires. */
export async function renewAgent(
  context: Pick<Context, "db">,
  ca: CertificateAuthority,
  input: { serverId: string; csrDer: Uint8Array; ip: string },
): Promise<Buffer> {
  return await context.db.transaction().execute(async (trx) => {
    const certificate = await ca.issueAgentCertificate(input.csrDer, input.serverId, trx);
    await recordAudit(
      trx,
      { kind: "agent", id: input.serverId, name: input.serverId, role: "viewer", requestId: null, ip: input.ip },
      { action: "server.renew_certificate", targetKind: "server", targetId: input.serverId },
    );
    return certificate;
  });
}

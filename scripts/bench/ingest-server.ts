// The server of the `ingest` bench, in a process of its own: the real one, with N enrolled agents that share a key.
import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { readConfig } from "../../server/src/config.ts";
import { startServer } from "../../server/src/server.ts";

/** What the server tells the bench once it is ready. */
export type Ready = {
  grpcPort: number;
  databasePid: number;
  caPem: string;
  keyPem: string;
  agents: { serverId: string; certificatePem: string }[];
};

const [dataDir = "", count = "0"] = process.argv.slice(2);
const config = readConfig({
  FAIRLEAD_DATA_DIR: dataDir,
  FAIRLEAD_HOST: "127.0.0.1",
  FAIRLEAD_HTTP_PORT: "0",
  FAIRLEAD_GRPC_PORT: "0",
  FAIRLEAD_LOG_LEVEL: "error",
});
const server = await startServer(config);
const { db } = server.context;

const keys = (await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
  "sign",
  "verify",
])) as webcrypto.CryptoKeyPair;
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" };
const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name: "CN=bench", keys, signingAlgorithm });
const names = Array.from({ length: Number(count) }, (_, i) => `bench-${i}`);
const rows = await db
  .insertInto("server")
  .values(names.map((name) => ({ name, hostname: name })))
  .returning("id")
  .execute();
const agents: Ready["agents"] = [];
for (let i = 0; i < rows.length; i += 50) {
  const issued = rows.slice(i, i + 50).map(async ({ id }) => ({
    serverId: id,
    certificatePem: pem("CERTIFICATE", await server.ca.issueAgentCertificate(new Uint8Array(csr.rawData), id)),
  }));
  agents.push(...(await Promise.all(issued)));
}
const ready: Ready = {
  grpcPort: server.grpcPort,
  databasePid: server.databasePid() ?? 0,
  caPem: pem("CERTIFICATE", server.ca.certificateDer),
  keyPem: pem("PRIVATE KEY", new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey))),
  agents,
};
process.send?.(ready);
process.on("message", async (message: { sql: string }) => {
  const { rows: found } = await server.context.pool.query(message.sql);
  process.send?.({ rows: found });
});
process.on("disconnect", async () => {
  await server.stop();
  process.exit(0);
});

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

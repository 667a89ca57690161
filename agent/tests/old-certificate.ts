import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCa } from "./test-server.ts";

const settings = `[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`;

/** Puts a certificate of the same key in the place of the one that is there, nine days into a life of ten. */
export function agePresentCertificate(ca: TestCa, stateDir: string): void {
  const date = (days: number) =>
    `${new Date(Date.now() + days * 86_400_000).toISOString().replaceAll(/[-:T]|\..*/g, "")}Z`;
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: ca.folder, stdio: ["ignore", "pipe", "pipe"] });
  writeFileSync(join(ca.folder, "ca.cnf"), settings);
  writeFileSync(join(ca.folder, "index.txt"), "");
  openssl("req", "-new", "-key", join(stateDir, "key.pem"), "-subj", "/CN=old", "-out", "old.csr");
  const signer = ["-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-batch", "-notext"];
  openssl("ca", ...signer, "-startdate", date(-9), "-enddate", date(1), "-in", "old.csr", "-out", "old.pem");
  writeFileSync(join(stateDir, "cert.pem"), readFileSync(join(ca.folder, "old.pem")));
}

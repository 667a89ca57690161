import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate for `localhost` alone that signs itself, readable for the owner of `like`; the caller removes `folder`. */
export function makeCertificate(like: string): { folder: string; key: string; certificate: string; pem: string } {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-certificate-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  });
  const { uid, gid } = statSync(like);
  chmodSync(folder, 0o755);
  for (const path of [key, certificate]) chownSync(path, uid, gid);
  chmodSync(key, 0o600);
  return { folder, key, certificate, pem: readFileSync(certificate, "utf8") };
}

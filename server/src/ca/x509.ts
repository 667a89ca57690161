import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" } as const;

/** Far back, so that a host whose clock lost its battery still connects and is shown as skewed instead of silent. */
const longAgo = new Date(Date.UTC(2000, 0, 1));

/** What signs: the CA's certificate and its private key. */
export type Issuer = { certificate: x509.X509Certificate; key: CryptoKey };

/** A new P-256 key pair for signatures. */
export function makeKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(curve, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;
}

/** The private key as PKCS#8 DER. */
export async function exportKey(key: CryptoKey): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
}

/** Reads a P-256 private key from PKCS#8 DER; throws when it is none. */
export function importKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), curve, true, ["sign"]);
}

/** Reads a certificate from DER; throws when it is none. */
export function readCertificate(der: Uint8Array): x509.X509Certificate {
  return new x509.X509Certificate(new Uint8Array(der));
}

/** A self-signed root that may sign leaves only. */
export async function makeRoot(keys: webcrypto.CryptoKeyPair, notAfter: Date): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: "CN=Fairlead CA",
    notBefore: longAgo,
    notAfter,
    signingAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

/** A certificate for this server's TLS, valid for the DNS name. */
export async function makeServerLeaf(
  issuer: Issuer,
  publicKey: CryptoKey,
  name: string,
  notAfter: Date,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: `CN=${name}`,
    issuer: issuer.certificate.subject,
    notBefore: longAgo,
    notAfter,
    signingAlgorithm,
    publicKey,
    signingKey: issuer.key,
    extensions: [
      ...(await leafExtensions(issuer, publicKey, x509.ExtendedKeyUsage.serverAuth)),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
    ],
  });
}

/** A client certificate with that common name. */
export async function makeClientLeaf(
  issuer: Issuer,
  request: x509.Pkcs10CertificateRequest,
  commonName: string,
  notBefore: Date,
  notAfter: Date,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: `CN=${commonName}`,
    issuer: issuer.certificate.subject,
    notBefore,
    notAfter,
    signingAlgorithm,
    publicKey: request.publicKey,
    signingKey: issuer.key,
    extensions: await leafExtensions(issuer, request.publicKey, x509.ExtendedKeyUsage.clientAuth),
  });
}

/** The request, when it is one for a P-256 key and signed by that key; otherwise what is wrong with it. */
export async function readRequest(der: Uint8Array): Promise<x509.Pkcs10CertificateRequest | string> {
  let request: x509.Pkcs10CertificateRequest;
  try {
    request = new x509.Pkcs10CertificateRequest(new Uint8Array(der));
  } catch {
    return "is no PKCS#10 request in DER";
  }
  const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string };
  if (name !== curve.name || namedCurve !== curve.namedCurve) return "must be for a P-256 key";
  const good = await request.verify().catch(() => false);
  return good ? request : "is not signed by its own key";
}

async function leafExtensions(issuer: Issuer, publicKey: x509.PublicKeyType, usage: string): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
  ];
}

/** 127 random bits, positive. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

import { createCipheriv, createECDH, createPublicKey, hkdfSync, randomBytes } from "node:crypto";

const version = 0x01;
const curve = "prime256v1";
const info = "fairlead database credentials v1";

/**
 * Seals bytes so that only the holder of the P-256 key can open them, and only for that context (see
 * docs/adr/0007-sealed-credentials.md). `spkiDer`: the recipient's public key. Layout: version 1 byte, ephemeral point 65,
 * nonce 12, ciphertext, tag 16. Throws for a key that is not of P-256.
 */
export function sealBox(plain: Uint8Array, spkiDer: Uint8Array, context: string): Buffer {
  const recipient = pointOf(spkiDer);
  const ephemeral = createECDH(curve);
  const point = ephemeral.generateKeys();
  const shared = ephemeral.computeSecret(recipient);
  const key = Buffer.from(hkdfSync("sha256", shared, Buffer.concat([point, recipient]), info, 32));
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(context, "utf8"));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  shared.fill(0);
  key.fill(0);
  return Buffer.concat([Buffer.of(version), point, nonce, ciphertext, cipher.getAuthTag()]);
}

/** The uncompressed point of a P-256 public key. */
function pointOf(spkiDer: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(spkiDer), format: "der", type: "spki" });
  if (key.asymmetricKeyDetails?.namedCurve !== curve) throw new Error("the agent's key is not of P-256");
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.of(0x04), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}

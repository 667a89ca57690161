import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { hideValues } from "../../field-errors.ts";

/** As agents know them. */
export const tlsModes = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, "may hold no control characters: take them out");

const tls = z
  .strictObject({
    mode: z.enum(tlsModes),
    ca: z
      .string()
      .max(16_384)
      .refine(isPem, "must be certificates in PEM: -----BEGIN CERTIFICATE----- and so on")
      .optional(),
    serverName: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,253}$/, "must be the name in the server's certificate, without a port")
      .optional()
      .describe("The name in its certificate, where that is not the name by which the agent reaches it"),
  })
  .superRefine(({ mode, ...rest }, context) => {
    for (const field of ["ca", "serverName"] as const) {
      if (mode !== "disable" || rest[field] === undefined) continue;
      const message = "is of no use with tls.mode disable: leave it out or take verify-full";
      context.addIssue({ code: "custom", path: [field], message });
    }
  });

/** What people give so that an agent may look into a database. */
export const credentialsSchema = z
  .strictObject({
    user: line(255).optional(),
    password: z.string().min(1).max(4_096).optional(),
    database: line(255).optional().describe("The database to connect to; absent: the engine's usual one"),
    tls: tls.optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    message: "gives nothing: give user, password, database or tls; DELETE forgets what was given",
  });

export type Credentials = z.infer<typeof credentialsSchema>;

// A password under a misspelt name must not come back either.
hideValues(credentialsSchema, ["user", "database", "tls.mode", "tls.serverName"]);

function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

import pg from "pg";
import { ConfigError } from "../config.ts";

/** UNIQUE NULLS NOT DISTINCT is from this version on; what later ones have is made up for (uuidv7, transaction_timeout). */
const oldest = 15;
const answerMs = 10_000;

/** Asks the database who it is. Throws ConfigError with one line, without the password, where it can't be used. */
export async function reachDatabase(url: string, source: string, oldestVersion = oldest): Promise<void> {
  const client = clientFor(url, source);
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    const version = rows[0]?.version ?? "";
    if (!(Number.parseInt(version, 10) >= oldestVersion))
      throw new ConfigError(`${source}: PostgreSQL ${version} is too old: Fairlead needs ${oldestVersion} or newer`);
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(`${source}: ${reasonOf(error, client)}`);
  } finally {
    client.end().catch(() => {});
  }
}

function clientFor(url: string, source: string): pg.Client {
  try {
    return new pg.Client({ connectionString: url, connectionTimeoutMillis: answerMs });
  } catch {
    throw new ConfigError(`${source}: is no URL like postgres://user:password@host:5432/database`);
  }
}

function reasonOf(error: unknown, { host, port, user, database }: pg.Client): string {
  const { code, message } = error as { code?: string; message: string };
  const place = host.startsWith("/") ? host : `${host}:${port}`;
  if (code === "28P01" || code === "28000")
    return `${place} refuses the user ${user} or the password: correct them, or pg_hba.conf`;
  if (code === "3D000") return `${place} has no database ${database}: create it, or name another`;
  if (code === "53300") return `${place} takes no more connections: raise max_connections`;
  if (code === "57P03") return `${place} is just starting: try again`;
  return `no database answers at ${place} (${message || code}): start it, or correct the address`;
}

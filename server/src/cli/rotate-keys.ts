import type { Config } from "../config.ts";
import { openDatabase, openPool } from "../db/connect.ts";
import { loadKeyring } from "../secrets/keyring.ts";
import { rotateMasterKey } from "../secrets/rotate-master-key.ts";

/**
 * `rotate-keys`: a new master key, all secrets rewrapped, old keys let go. `databaseUrl` is a running database's.
 * Writes what it did for people through `print`. Throws ConfigError with one line; run it again after a crash.
 */
export async function rotateKeys(options: {
  config: Pick<Config, "dataDir" | "masterKey">;
  databaseUrl: string;
  now: () => Date;
  print: (line: string) => void;
}): Promise<void> {
  const { config, databaseUrl, now, print } = options;
  const pool = openPool(databaseUrl, 3, () => {});
  const db = openDatabase(pool);
  try {
    const keyring = await loadKeyring({ dataDir: config.dataDir, masterKey: config.masterKey, db });
    const { keyId, rewrapped, dropped } = await rotateMasterKey({ db, keyring, now });
    print(`${rewrapped} secrets are now sealed by master key ${keyId} (${keyring.source})`);
    if (keyring.replace === undefined && dropped.length > 0)
      print(
        `Take the old keys (${dropped.join(", ")}) out of FAIRLEAD_MASTER_KEY once every server runs with the new one.`,
      );
    if (keyring.replace !== undefined)
      print("Back up the new key. Database backups from before need the old key from its own backup.");
  } finally {
    await db.destroy();
  }
}

import type { Session } from "../../../agent/src/databases/mysql/connect.ts";
import { readFacts } from "../../../agent/src/databases/mysql/facts.ts";
import { parseServer } from "../../../agent/src/databases/mysql/version.ts";
import type { EngineFigures } from "../probe-db.ts";

const versions = ["5.7.44", "8.0.36", "8.4.3", "9.1.0"];

/**
 * Debian has no MySQL server, so what a probe costs one is not measured: only counted, by version, is what the probe's own code
 * asks one with performance_schema and a binary log that answers nothing else.
 */
export async function bench(): Promise<EngineFigures> {
  const statements: Record<string, object> = {};
  for (const version of versions) statements[version] = await count(version);
  return { skipped: "no MySQL server is to be had here (MariaDB is measured)", statements };
}

async function count(version: string): Promise<object> {
  let asked = 0;
  const settings = [
    { Variable_name: "performance_schema", Value: "ON" },
    { Variable_name: "log_bin", Value: "ON" },
  ];
  const session: Session = {
    server: parseServer(version, "MySQL Community Server"),
    account: "fairlead@127.0.0.1",
    tls: { mode: "disable", used: false },
    async query(sql) {
      asked++;
      return sql.startsWith("SHOW GLOBAL VARIABLES") ? settings : [];
    },
    isOpen: () => true,
    close() {},
  };
  const facts = {};
  const probe = async () => {
    asked = 0;
    await readFacts(session, facts, undefined, AbortSignal.timeout(5_000));
    return asked;
  };
  const each300s = await probe();
  return { each_30_s: await probe(), each_300_s: each300s };
}

import type { Kysely } from "kysely";
import * as spine from "./0001-spine.ts";
import * as alertIndexes from "./0002-alert-indexes.ts";
import * as serverName from "./0003-server-name.ts";
import * as firingAlerts from "./0004-firing-alerts.ts";
import * as storage from "./0005-storage.ts";
import * as agentKeys from "./0006-agent-keys.ts";
import * as resourceRaw from "./0007-resource-raw.ts";

/** A step of the schema's history. Never edited once released; there is no way down. */
export type Step = { name: string; up(db: Kysely<never>): Promise<void> };

/** All steps in order; a test compares the folder with this list. */
export const migrations: readonly Step[] = [
  { name: "0001-spine", up: spine.up },
  { name: "0002-alert-indexes", up: alertIndexes.up },
  { name: "0003-server-name", up: serverName.up },
  { name: "0004-firing-alerts", up: firingAlerts.up },
  { name: "0005-storage", up: storage.up },
  { name: "0006-agent-keys", up: agentKeys.up },
  { name: "0007-resource-raw", up: resourceRaw.up },
];

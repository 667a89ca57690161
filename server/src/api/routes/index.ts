import type { Route } from "../route.ts";
import { alertRules } from "./alert-rules.ts";
import { alerts } from "./alerts.ts";
import { audit } from "./audit.ts";
import { auth } from "./auth.ts";
import { commands } from "./commands.ts";
import { containerLogs } from "./container-logs.ts";
import { containerUpdates } from "./container-updates.ts";
import { containers } from "./containers.ts";
import { databases } from "./databases.ts";
import { enrolmentTokens } from "./enrolment-tokens.ts";
import { health } from "./health.ts";
import { install } from "./install.ts";
import { live } from "./live.ts";
import { metrics } from "./metrics.ts";
import { receivers } from "./receivers.ts";
import { resources } from "./resources.ts";
import { scheduler } from "./scheduler.ts";
import { servers } from "./servers.ts";
import { storage } from "./storage.ts";
import { users } from "./users.ts";

/** Every route of the API, file by file; a test compares the folder with this list. */
export const routeFiles: Record<string, readonly Route[]> = {
  alertRules,
  alerts,
  audit,
  auth,
  commands,
  containerLogs,
  containerUpdates,
  containers,
  databases,
  enrolmentTokens,
  health,
  install,
  live,
  metrics,
  receivers,
  resources,
  scheduler,
  servers,
  storage,
  users,
};

export const routes: readonly Route[] = Object.values(routeFiles).flat();

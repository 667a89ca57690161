import type { AuditEntry } from "../../api/types.ts";
import { commandTitle } from "../../commands/command-progress.tsx";
import { formatUtc } from "../../format/time.ts";

const words: Record<string, string> = {
  "alert.ack": "Acknowledged an alert",
  "alert_rule.create": "Made an alert rule",
  "alert_rule.delete": "Deleted an alert rule",
  "alert_rule.restore": "Restored the built-in alert rules",
  "alert_rule.update": "Changed an alert rule",
  "auth.login": "Signed in",
  "auth.login_failed": "Failed to sign in",
  "auth.logout": "Signed out",
  "auth.password": "Changed the password",
  "command.cancel": "Cancelled a command",
  "command.create": "Sent a command",
  "container.logs": "Read the log of a container",
  "database.credentials_forgotten": "Had credentials forgotten",
  "database.credentials_set": "Gave credentials",
  "enrolment_token.create": "Made an enrolment token",
  "enrolment_token.revoke": "Revoked an enrolment token",
  "receiver.create": "Made a receiver",
  "receiver.delete": "Deleted a receiver",
  "receiver.update": "Changed a receiver",
  "scheduler.run": "Started a job",
  "secret.read": "Read a secret",
  "server.enrol": "Enrolled a server",
  "server.renew_certificate": "Renewed a certificate",
  "server.update": "Changed a server",
  "token.create": "Made an API token",
  "token.revoke": "Revoked an API token",
  "user.create": "Added a user",
  "user.reset_password": "Reset a password",
  "user.update": "Changed a user",
};

/** Groups of actions to filter by, each with its words. */
export const auditGroups: readonly (readonly [string, string])[] = [
  ["alert", "Alerts"],
  ["alert_rule", "Alert rules"],
  ["auth", "Signing in"],
  ["auth.login_failed", "Failed sign-ins"],
  ["command", "Commands"],
  ["container", "Container logs"],
  ["database", "Database credentials"],
  ["enrolment_token", "Enrolment tokens"],
  ["receiver", "Receivers"],
  ["scheduler", "Jobs"],
  ["secret", "Secrets"],
  ["server", "Servers"],
  ["token", "API tokens"],
  ["user", "Users"],
];

/** What was done: `server.pause` -> `Pause server` where no better words are known. */
export function auditAction(action: string): string {
  const known = words[action];
  if (known !== undefined) return known;
  const [subject = "", ...verb] = action.split(".");
  const text = [...verb, subject].join(" ").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What it was done to, in a word or two; of a command what it does. */
export function auditSubject({ action, detail, targetId }: AuditEntry): string {
  const { type, args, name, email, container, database, builtinKey } = detail;
  if (action === "command.create" && typeof type === "string") {
    return commandTitle({ type, args: isRecord(args) ? args : {} });
  }
  const named = [name, email, container, database, builtinKey].find((one) => typeof one === "string" && one !== "");
  return typeof named === "string" ? named : (targetId ?? "");
}

/** The rest of what was noted: `type: webhook, enabled: yes`. What the subject said already is left out. */
export function auditDetail({ action, detail }: AuditEntry): string {
  const said = new Set(["name", "email", "container", "database", "serverId", "serverName", "builtinKey"]);
  if (action === "command.create") for (const one of ["type", "args"]) said.add(one);
  return Object.entries(detail)
    .filter(([key, value]) => !said.has(key) && !isNothing(value))
    .map(([key, value]) => `${plain(key)}: ${shown(value)}`)
    .join(", ");
}

const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (isRecord(value) && Object.keys(value).length === 0);
}

function plain(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`);
}

function shown(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(" ") || "none";
  if (typeof value === "string" && isTime.test(value)) return formatUtc(value);
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

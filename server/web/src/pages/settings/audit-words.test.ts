import { expect, test } from "vitest";
import type { AuditEntry } from "../../api/types.ts";
import { auditAction, auditDetail, auditSubject } from "./audit-words.ts";

const entry = (action: string, detail: Record<string, unknown>, targetId: string | null = null): AuditEntry => ({
  id: 1,
  at: "2026-11-23T10:00:00Z",
  actorKind: "user",
  actorId: null,
  actorName: "ops",
  action,
  targetKind: null,
  targetId,
  requestId: null,
  ip: null,
  detail,
});

test.each<[AuditEntry, string, string, string]>([
  [entry("auth.login_failed", { email: "a@b.c" }), "Failed to sign in", "a@b.c", ""],
  [
    entry("command.create", {
      serverId: "1",
      serverName: "box",
      type: "container.update",
      args: { container: "web", image: "r/app:2" },
    }),
    "Sent a command",
    "Update web to app:2",
    "",
  ],
  [entry("command.create", { type: "agent.ping", args: "nonsense" }), "Sent a command", "Ping the agent", ""],
  [
    entry("receiver.update", { name: "hook", enabled: false, secrets: ["url"], sendResolved: true }),
    "Changed a receiver",
    "hook",
    "enabled: no, secrets: url, send resolved: yes",
  ],
  [
    entry("rack.re_open", { at: "2026-11-24T11:47:23.696Z", of: { a: 1 }, why: null, labels: {} }, "r-1"),
    "Re open rack",
    "r-1",
    'at: 2026-11-24 11:47:23 UTC, of: {"a":1}',
  ],
])("%j", (one, action, subject, detail) => {
  expect(auditAction(one.action)).toBe(action);
  expect(auditSubject(one)).toBe(subject);
  expect(auditDetail(one)).toBe(detail);
});

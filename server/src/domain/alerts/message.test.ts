import { expect, test } from "vitest";
import { giveUpSeconds, nextAttempt } from "./backoff.ts";
import { type AlertEvent, composeMessage } from "./message.ts";

const event = (over: Partial<AlertEvent> = {}): AlertEvent => ({
  id: "a:firing",
  event: "firing",
  alertId: "a",
  ruleName: "Filesystem full",
  severity: "warning",
  serverName: "db-1",
  resourceKind: "filesystem",
  resourceKey: "/data",
  summary: "filesystem /data on db-1: used 93 % (>= 90 %)",
  value: 0.93,
  threshold: 0.9,
  firedAt: "2026-01-01T00:00:00Z",
  resolvedAt: null,
  resolveReason: "",
  ...over,
});

test("one alert: its summary is the subject", () => {
  const { subject, lines } = composeMessage([event()]);
  expect(subject).toBe("[WARNING] Filesystem full: filesystem /data on db-1: used 93 % (>= 90 %)");
  expect(lines).toContain("Resource: filesystem /data");
  const over = composeMessage([
    event({ event: "resolved", resolvedAt: "2026-01-01T01:00:00Z", resolveReason: "gone" }),
  ]);
  expect(over.subject).toMatch(/^\[RESOLVED\]/);
  expect(over.lines).toContain("Resolved: 2026-01-01T01:00:00Z (gone)");
});

test("an alert about storage says what stands on it", () => {
  const affected = "pool tank; filesystem /tank; containers db, web";
  const { subject, lines } = composeMessage([event({ resourceKind: "drive", affected })]);
  expect(lines).toContain(`Affects: ${affected}`);
  expect(subject).not.toContain("Affects");
  expect(composeMessage([event()]).lines.join()).not.toContain("Affects");
});

test("many alerts: one digest, the gravest first, recoveries last, the rest counted", () => {
  const events = [
    event({ event: "resolved" }),
    ...Array.from({ length: 60 }, (_, i) => event({ alertId: `w${i}` })),
    event({ severity: "critical", serverName: "db-2" }),
  ];
  const { subject, lines, events: sorted } = composeMessage(events);
  expect(subject).toBe("61 firing, 1 resolved on 2 servers");
  expect(lines[0]).toMatch(/^\[CRITICAL\]/);
  expect(lines).toHaveLength(51);
  expect(lines.at(-1)).toBe("and 12 more");
  expect(sorted.at(-1)?.event).toBe("resolved");
  expect(composeMessage([event(), event({ alertId: "b" })]).subject).toBe("2 firing on db-1");
});

test.each([
  [1, 0, 0, 5],
  [1, 1, 0, 2.5],
  [2, 0, 0, 10],
  [5, 0, 0, 80],
  [50, 0, 0, 900],
  [1, 0, 120, 120],
  [1, 0, 99_999, 3600],
])("after %d attempts (random %d, asked for %d s): %d s", (attempts, random, asked, seconds) =>
  expect(nextAttempt(attempts, 0, random, asked)).toBe(seconds),
);

test("gives up after a day", () => expect(nextAttempt(3, giveUpSeconds, 0)).toBeNull());

/** What the outbox holds of an alert's firing or recovery. Times are ISO 8601. */
export type AlertEvent = {
  /** Stable: the same event sent again has the same id. */
  id: string;
  event: "firing" | "resolved";
  alertId: string;
  ruleName: string;
  severity: string;
  serverName: string;
  resourceKind: string;
  resourceKey: string;
  summary: string;
  /** What stands on the drive, pool or filesystem, one line; absent in messages of before it was noted. */
  affected?: string;
  value: number | null;
  threshold: number | null;
  firedAt: string | null;
  resolvedAt: string | null;
  resolveReason: string;
};

/** A message for people: one alert, several at once, or a test. */
export type Message = {
  subject: string;
  /** Lines of plain text. */
  lines: string[];
  events: readonly AlertEvent[];
  test: boolean;
};

/** Lists at most so many alerts in one message; the rest is counted. */
const shown = 50;

const rank: Record<string, number> = { critical: 0, warning: 1, info: 2 };

/** The message for these events, the gravest first; recoveries last. */
export function composeMessage(events: readonly AlertEvent[]): Message {
  const sorted = [...events].sort((a, b) => order(a) - order(b));
  const [first] = sorted;
  if (first === undefined) return { subject: "No alerts", lines: [], events, test: false };
  if (sorted.length === 1) return { subject: line(first), lines: details(first), events, test: false };
  const firing = sorted.filter((e) => e.event === "firing").length;
  const resolved = sorted.length - firing;
  const servers = new Set(sorted.map((e) => e.serverName));
  const parts = [firing > 0 ? `${firing} firing` : "", resolved > 0 ? `${resolved} resolved` : ""].filter(
    (p) => p !== "",
  );
  const where = servers.size === 1 ? first.serverName : `${servers.size} servers`;
  const rest = sorted.length - shown;
  return {
    subject: `${parts.join(", ")} on ${where}`,
    lines: [...sorted.slice(0, shown).map(line), ...(rest > 0 ? [`and ${rest} more`] : [])],
    events: sorted,
    test: false,
  };
}

/** The message of a test: it says that it is one. */
export function testMessage(receiverName: string): Message {
  const text = `This is a test of the receiver "${receiverName}". Alerts arrive this way.`;
  return { subject: "Test message", lines: [text], events: [], test: true };
}

function order(e: AlertEvent): number {
  return (e.event === "resolved" ? 10 : 0) + (rank[e.severity] ?? 3);
}

function line(e: AlertEvent): string {
  const what = e.event === "resolved" ? "RESOLVED" : e.severity.toUpperCase();
  return `[${what}] ${e.ruleName}: ${e.summary}`;
}

function details(e: AlertEvent): string[] {
  const because = e.resolveReason === "" ? "" : ` (${e.resolveReason})`;
  return [
    e.summary,
    ...(e.affected === undefined || e.affected === "" ? [] : [`Affects: ${e.affected}`]),
    `Rule: ${e.ruleName} (${e.severity})`,
    `Server: ${e.serverName}`,
    ...(e.resourceKind === "server" ? [] : [`Resource: ${e.resourceKind} ${e.resourceKey}`]),
    ...(e.firedAt === null ? [] : [`Firing since: ${e.firedAt}`]),
    ...(e.event === "resolved" ? [`Resolved: ${e.resolvedAt}${because}`] : []),
  ];
}

import { number, type Row } from "./rows.ts";
import { withoutLiterals } from "./statement-text.ts";

/** The statements that took the most time; their literals are replaced by the server already. Times in picoseconds. */
export const digestQuery =
  "SELECT LEFT(DIGEST_TEXT, 1000) AS text, COUNT_STAR AS calls, SUM_TIMER_WAIT AS time, SUM_ROWS_SENT AS sent, " +
  "SUM_ROWS_AFFECTED AS affected FROM performance_schema.events_statements_summary_by_digest " +
  "WHERE DIGEST_TEXT IS NOT NULL ORDER BY SUM_TIMER_WAIT DESC LIMIT 20";

export type TopStatement = { text: string; calls: number; totalSeconds: number; meanSeconds: number; rows: number };

/** Reads the answer to digestQuery. */
export function readStatements(rows: readonly Row[]): TopStatement[] {
  return rows.slice(0, 20).flatMap((row) => {
    const calls = number(row.calls);
    const totalSeconds = number(row.time) / 1e12;
    const statement = withoutLiterals(row.text);
    if (!(calls > 0) || !Number.isFinite(totalSeconds) || statement === "") return [];
    const touched = (number(row.sent) || 0) + (number(row.affected) || 0);
    return [{ text: statement, calls, totalSeconds, meanSeconds: totalSeconds / calls, rows: touched }];
  });
}

/**
 * Values of a counter that rose within a window, flat: since when it covers time, then time and value of the newest before
 * the window and of each one that differs. Most counters stand still for ever: three numbers.
 */
export type History = number[];

const bound = 256;

/** An empty history; it covers nothing yet. */
export function freshHistory(): History {
  return [];
}

/** Since when the history covers time (Unix ms); undefined for an empty one. */
export function coveredSince(history: History): number | undefined {
  return history[0];
}

/** The newest value; undefined for an empty history. */
export function newestOf(history: History): number | undefined {
  return history.length === 0 ? undefined : history.at(-1);
}

/** Puts a value before those that the history has; one that is not older changes nothing. */
export function putBefore(history: History, at: number, value: number): void {
  if (at >= (history[1] ?? Number.POSITIVE_INFINITY)) return;
  history.splice(0, 1, at, at, value);
}

/**
 * Notes the value (Unix ms) and returns how much it rose within the last `windowMs`, and whether the history covers
 * the whole window (a smaller rise is otherwise no proof that it is over). A fall is a start from zero, or nothing.
 */
export function noteIncrease(
  history: History,
  at: number,
  value: number,
  windowMs: number,
  falls: "restart" | "ignore" = "restart",
): { rise: number; whole: boolean } {
  if (history.length === 0) history.push(at, at, value);
  else if (history.at(-1) !== value) history.push(at, value);
  const start = at - windowMs;
  let passed = 0;
  while (past(history, passed, start)) passed++;
  if (passed > 0) history.splice(1, 2 * passed);
  let rise = 0;
  for (let i = 4; i < history.length; i += 2) {
    const step = (history[i] as number) - (history[i - 2] as number);
    if (step >= 0) rise += step;
    else if (falls === "restart") rise += history[i] as number;
  }
  return { rise, whole: (history[0] as number) <= start };
}

/** True where the first but `passed` is needed no more: the next one is the newest before the window, or there are too many. */
function past(history: History, passed: number, start: number): boolean {
  const left = (history.length - 1) / 2 - passed;
  return left > bound || (left > 1 && (history[3 + 2 * passed] as number) <= start);
}

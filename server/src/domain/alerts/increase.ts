/** Values of a counter that rose within a window: the newest before the window, then each one that differs. */
export type History = { at: number[]; value: number[]; since: number };

const bound = 256;

/** An empty history; it covers nothing yet. */
export function freshHistory(): History {
  return { at: [], value: [], since: Number.NaN };
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
  const { at: times, value: values } = history;
  if (times.length === 0) history.since = at;
  if (times.length === 0 || values.at(-1) !== value) {
    times.push(at);
    values.push(value);
  }
  const start = at - windowMs;
  while (times.length > bound || (times.length > 1 && (times[1] as number) <= start)) {
    times.shift();
    values.shift();
  }
  let rise = 0;
  for (let i = 1; i < values.length; i++) {
    const step = (values[i] as number) - (values[i - 1] as number);
    if (step >= 0) rise += step;
    else if (falls === "restart") rise += values[i] as number;
  }
  return { rise, whole: history.since <= start };
}

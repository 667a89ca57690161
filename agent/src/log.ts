export type LogLevel = "debug" | "info" | "warn" | "error";
export type Fields = Record<string, unknown>;

/** Structured logger: a static message plus fields. Never hand it a secret. */
export type Log = {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same logger with these fields on every line. */
  with(fields: Fields): Log;
};

export const logLevels = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];

/** Writes JSON lines, or text on a terminal. `write` gets whole lines, line feed included. */
export function createLog(
  level: LogLevel = "info",
  options: { write?: (line: string) => void; text?: boolean; fields?: Fields } = {},
): Log {
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  const text = options.text ?? process.stderr.isTTY === true;
  const least = logLevels.indexOf(level);
  const own = options.fields ?? {};
  function at(name: LogLevel) {
    const rank = logLevels.indexOf(name);
    return (message: string, fields: Fields = {}) => {
      if (rank < least) return;
      const all = plain({ ...own, ...fields });
      const time = new Date().toISOString();
      write(text ? asText(time, name, message, all) : `${JSON.stringify({ time, level: name, message, ...all })}\n`);
    };
  }
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => createLog(level, { write, text, fields: { ...own, ...fields } }),
  };
}

/** Text of others with its control characters escaped: it can neither begin a line nor steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** An error and its causes as one line. */
export function errorText(error: unknown): string {
  const parts: string[] = [];
  for (let e = error; e !== undefined && e !== null && parts.length < 5; e = (e as { cause?: unknown }).cause) {
    const own = e instanceof Error ? e.message : String(e);
    const inner = e instanceof AggregateError && own === "" ? e.errors.map((x) => errorText(x)).join(", ") : own;
    if (inner !== "" && !parts.includes(inner)) parts.push(inner);
  }
  return printable(parts.join(": ").replaceAll(/\s+/g, " "));
}

function quoted(value: unknown): string {
  return printable(JSON.stringify(value) ?? "");
}

function plain(fields: Fields): Fields {
  for (const [key, value] of Object.entries(fields)) if (value instanceof Error) fields[key] = errorText(value);
  return fields;
}

function asText(time: string, level: LogLevel, message: string, fields: Fields): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}=${typeof value === "string" && !/[\s"]/.test(value) ? printable(value) : quoted(value)}`,
    )
    .join("");
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${message}${rest}\n`;
}

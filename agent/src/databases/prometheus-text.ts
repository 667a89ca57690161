/** One sample: its labels and value. */
export type Sample = { labels: Record<string, string>; value: number };

const mostSamples = 20_000;

/**
 * The samples of these metrics in Prometheus' text format, by name. Lines that are none are left out; never throws. Stops
 * after 20,000 samples. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parsePrometheus(text: string, wanted: ReadonlySet<string>): Map<string, Sample[]> {
  const found = new Map<string, Sample[]>();
  let count = 0;
  for (const line of text.split("\n")) {
    const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
    if (name === undefined || !wanted.has(name)) continue;
    const sample = parseSample(line.slice(name.length));
    if (sample === undefined) continue;
    if (++count > mostSamples) break;
    const samples = found.get(name);
    if (samples === undefined) found.set(name, [sample]);
    else samples.push(sample);
  }
  return found;
}

/** Sum of a metric's samples; NaN where there are none. */
export function sum(samples: readonly Sample[] | undefined): number {
  return samples === undefined ? Number.NaN : samples.reduce((total, { value }) => total + value, 0);
}

/** Largest of a metric's samples: every node tells the same of its cluster. NaN where there are none. */
export function most(samples: readonly Sample[] | undefined): number {
  return samples === undefined
    ? Number.NaN
    : samples.reduce((largest, { value }) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
}

// What follows the name: optional labels, the value, optional time.
function parseSample(rest: string): Sample | undefined {
  const labels: Record<string, string> = {};
  let at = 0;
  if (rest.startsWith("{")) {
    at = 1;
    const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?\s*/y;
    for (;;) {
      label.lastIndex = at;
      const match = label.exec(rest);
      if (match === null) break;
      labels[match[1] ?? ""] = unescaped(match[2] ?? "");
      at = label.lastIndex;
    }
    if (rest[at] !== "}") return undefined;
    at++;
  }
  const text = rest.slice(at).trim().split(/\s+/)[0] ?? "";
  const value = text === "+Inf" ? Number.POSITIVE_INFINITY : text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
  return text === "" || Number.isNaN(value) ? undefined : { labels, value };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

type Labels = Record<string, string>;
type Family = {
  help: string;
  type: "counter" | "gauge" | "histogram";
  values: Map<string, number[]>;
  buckets: number[];
};

export type LabelledValue = { labels: Labels; value: number };

/** The server's own metrics in the Prometheus text format. Names end in their unit; counters in `_total`. */
export type MetricsRegistry = {
  counter(name: string, help: string): { add(amount: number, labels?: Labels): void };
  /** `read` is called at each scrape. */
  gauge(name: string, help: string, read: () => number): void;
  /** Gauges with labels; `load` is called by refresh(). */
  gauges(name: string, help: string, load: () => Promise<readonly LabelledValue[]>): void;
  histogram(name: string, help: string, buckets: number[]): { observe(value: number, labels?: Labels): void };
  /** What that gauge reads now; undefined where there is none. */
  read(gauge: string): number | undefined;
  /** Loads the gauges that have labels; one that can't be loaded is left out until it can. */
  refresh(): Promise<void>;
  /** Text exposition format 0.0.4. */
  expose(): string;
};

export function createMetricsRegistry(): MetricsRegistry {
  const families = new Map<string, Family>();
  const gauges = new Map<string, () => number>();
  const loaders: { into: Family; load: () => Promise<readonly LabelledValue[]> }[] = [];

  function family(name: string, help: string, type: Family["type"], buckets: number[] = []): Family {
    const known = families.get(name);
    if (known !== undefined) return known;
    const made: Family = { help, type, values: new Map(), buckets };
    families.set(name, made);
    return made;
  }

  function cells(f: Family, labels: Labels, width: number): number[] {
    const key = format(labels);
    let row = f.values.get(key);
    if (row === undefined) {
      row = new Array<number>(width).fill(0);
      f.values.set(key, row);
    }
    return row;
  }

  return {
    counter(name, help) {
      const f = family(name, help, "counter");
      return {
        add: (amount, labels = {}) => {
          const row = cells(f, labels, 1);
          row[0] = (row[0] ?? 0) + amount;
        },
      };
    },
    gauge(name, help, read) {
      family(name, help, "gauge");
      gauges.set(name, read);
    },
    gauges(name, help, load) {
      loaders.push({ into: family(name, help, "gauge"), load });
    },
    histogram(name, help, buckets) {
      const f = family(name, help, "histogram", buckets);
      return {
        observe: (value, labels = {}) => {
          const row = cells(f, labels, buckets.length + 2);
          for (let i = 0; i < buckets.length; i++) if (value <= (buckets[i] ?? 0)) row[i] = (row[i] ?? 0) + 1;
          row[buckets.length] = (row[buckets.length] ?? 0) + 1;
          row[buckets.length + 1] = (row[buckets.length + 1] ?? 0) + value;
        },
      };
    },
    read: (gauge) => gauges.get(gauge)?.(),
    async refresh() {
      const load = async ({ into, load }: (typeof loaders)[number]) => {
        const found = await load().catch(() => []);
        into.values = new Map(found.map(({ labels, value }) => [format(labels), [value]]));
      };
      await Promise.all(loaders.map(load));
    },
    expose() {
      const lines: string[] = [];
      for (const [name, f] of families) {
        lines.push(`# HELP ${name} ${f.help}`, `# TYPE ${name} ${f.type}`);
        const read = gauges.get(name);
        if (read !== undefined) lines.push(`${name} ${read()}`);
        for (const [labels, row] of f.values) lines.push(...exposeRow(name, labels, f, row));
      }
      return `${lines.join("\n")}\n`;
    },
  };
}

function exposeRow(name: string, labels: string, f: Family, row: number[]): string[] {
  if (f.type !== "histogram") return [`${name}${labels === "" ? "" : `{${labels}}`} ${row[0]}`];
  const join = (extra: string) => `{${[labels, extra].filter((s) => s !== "").join(",")}}`;
  const plain = labels === "" ? "" : `{${labels}}`;
  const n = f.buckets.length;
  return [
    ...f.buckets.map((le, i) => `${name}_bucket${join(`le="${le}"`)} ${row[i]}`),
    `${name}_bucket${join('le="+Inf"')} ${row[n]}`,
    `${name}_count${plain} ${row[n]}`,
    `${name}_sum${plain} ${row[n + 1]}`,
  ];
}

function format(labels: Labels): string {
  return Object.entries(labels)
    .map(([k, v]) => `${k}="${v.replace(/["\\\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`))}"`)
    .join(",");
}

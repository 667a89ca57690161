import type { Resource } from "../../api/types.ts";
import { formatRatio, missing } from "../../format/units.ts";
import { loadTone } from "../../ui/meter.tsx";

/** Each core's present use as a field of cells, figure and bar. */
export function Cores({ resources }: { resources: Resource[] }) {
  const cores = resources
    .filter((one) => one.kind === "cpu" && one.goneAt === null)
    .sort((a, b) => a.key.localeCompare(b.key, undefined, { numeric: true }));
  if (cores.length === 0) return null;
  const small = cores.length > 32;
  return (
    <section className="panel p-3">
      <h3 className="mb-2 font-medium">
        Cores now <span className="font-normal text-muted">{cores.length}</span>
      </h3>
      <ul
        className={`grid gap-1 ${small ? "grid-cols-[repeat(auto-fill,minmax(2.5rem,1fr))]" : "grid-cols-[repeat(auto-fill,minmax(4.5rem,1fr))]"}`}
      >
        {cores.map((core) => {
          const usage = core.latest?.values.usage_ratio ?? null;
          const tone = loadTone(usage ?? 0, 0.75, 0.95);
          return (
            <li
              key={core.id}
              title={`Core ${core.key}: ${formatRatio(usage)}`}
              className="relative overflow-hidden rounded border border-line px-1.5 py-1 text-2xs"
            >
              <span
                aria-hidden="true"
                className="absolute inset-x-0 bottom-0 opacity-25"
                style={{ height: `${(usage ?? 0) * 100}%`, background: `var(--bar-${tone})` }}
              />
              <span className="relative flex justify-between gap-1">
                {!small && <span className="text-muted">{core.key}</span>}
                <span>{usage === null ? missing : formatRatio(usage)}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

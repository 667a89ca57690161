import type { Resource } from "../api/types.ts";
import { formatBytes } from "../format/units.ts";
import { Ago } from "../ui/time.tsx";
import { listText, time } from "./holding-facts.ts";

/** Which backup: its id, its size, when it was made and when it goes by itself. */
export function BackupFacts({ backup }: { backup: Resource }) {
  const size = backup.latest?.values.size_bytes;
  return (
    <span className="mb-2 block rounded-md bg-sunken px-3 py-2">
      <code className="block font-mono text-xs break-all">{backup.key}</code>
      <span className="block text-xs text-muted">
        {size != null && `${formatBytes(size)}, `}made <Ago at={time(backup, "created")} />
        {time(backup, "expires") && (
          <>
            , expires <Ago at={time(backup, "expires")} />
          </>
        )}
      </span>
      {holds(backup) && <span className="block text-xs text-muted">{holds(backup)}</span>}
    </span>
  );
}

/** What is in it: `volume web-data, dump postgres`. */
export function holds(backup: Resource): string {
  const files = Array.isArray(backup.attributes.files) ? (backup.attributes.files as Record<string, unknown>[]) : [];
  const sources = files.map(({ what, source }) => [what, source].filter((one) => typeof one === "string").join(" "));
  return listText(sources, 4);
}

import { useQuery } from "@tanstack/react-query";
import { containersQuery, holdingsQuery } from "../api/queries.ts";
import { formatBytes } from "../format/units.ts";
import { StateDot } from "../ui/badge.tsx";
import { Segments } from "../ui/page.tsx";
import { BackupList } from "./backup-list.tsx";
import { ContainerTable } from "./container-table.tsx";
import { text } from "./holding-facts.ts";
import { Holdings } from "./holdings.tsx";
import { ProjectList } from "./project-list.tsx";
import { projectsOf } from "./projects.ts";
import { UpdateHistory } from "./update-history.tsx";

const parts = [
  { value: "containers", label: "Containers" },
  { value: "projects", label: "Projects" },
  { value: "image", label: "Images" },
  { value: "volume", label: "Volumes" },
  { value: "network", label: "Networks" },
  { value: "backups", label: "Backups" },
  { value: "updates", label: "Updates" },
] as const;
type Part = (typeof parts)[number]["value"];

type Props = {
  server: string;
  /** Which of them is open, and what is searched for there, as the address says. */
  part: string | undefined;
  q: string | undefined;
  onChange: (search: { part?: string | undefined; q?: string | undefined }) => void;
};

/** All that a server's container engines hold, part by part. */
export function ServerContainers({ server, part: wanted, q, onChange }: Props) {
  const { data } = useQuery(containersQuery(server));
  const part: Part = parts.find(({ value }) => value === wanted)?.value ?? "containers";
  const hasProjects = part === "projects" || projectsOf(data ?? []).length > 0;
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments
          label="Parts"
          value={part}
          onChange={(next) => onChange({ part: next === "containers" ? undefined : next, q: undefined })}
          options={parts.filter(({ value }) => value !== "projects" || hasProjects)}
        />
        <Engines server={server} />
      </div>
      {part === "containers" && <ContainerTable server={server} />}
      {part === "projects" && <ProjectList server={server} />}
      {(part === "image" || part === "volume" || part === "network") && (
        <Holdings
          key={part}
          server={server}
          kind={part}
          q={q ?? ""}
          onSearch={(next) => onChange({ part, q: next || undefined })}
        />
      )}
      {part === "backups" && <BackupList server={server} />}
      {part === "updates" && <UpdateHistory of={{ server }} serverId={server} />}
    </>
  );
}

/** The engines in a line: version, what they take on disk. */
function Engines({ server }: { server: string }) {
  const { data } = useQuery(holdingsQuery(server, "runtime"));
  return (
    <ul aria-label="Container engines" className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {data?.map((engine) => {
        const values = engine.latest?.values ?? {};
        const taken = ["images_bytes", "volumes_bytes", "containers_bytes", "build_cache_bytes"].reduce(
          (sum, name) => sum + (values[name] ?? 0),
          0,
        );
        return (
          <li key={engine.id} className="flex items-center gap-1.5" title={text(engine, "socket")}>
            <StateDot state={engine.state ?? "unknown"}>
              {engine.key} {text(engine, "engine")}
            </StateDot>
            {taken > 0 && <span>takes {formatBytes(taken)}</span>}
          </li>
        );
      })}
    </ul>
  );
}

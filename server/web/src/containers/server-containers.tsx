import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { holdingsQuery } from "../api/queries.ts";
import { formatBytes } from "../format/units.ts";
import { StateDot } from "../ui/badge.tsx";
import { Segments } from "../ui/page.tsx";
import { BackupList } from "./backup-list.tsx";
import { ContainerTable } from "./container-table.tsx";
import { text } from "./holding-facts.ts";
import { Holdings } from "./holdings.tsx";
import { UpdateHistory } from "./update-history.tsx";

type Part = "containers" | "image" | "volume" | "network" | "backups" | "updates";

/** All that a server's container engines hold, part by part. */
export function ServerContainers({ server }: { server: string }) {
  const [part, setPart] = useState<Part>("containers");
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments
          label="Parts"
          value={part}
          onChange={setPart}
          options={[
            { value: "containers", label: "Containers" },
            { value: "image", label: "Images" },
            { value: "volume", label: "Volumes" },
            { value: "network", label: "Networks" },
            { value: "backups", label: "Backups" },
            { value: "updates", label: "Updates" },
          ]}
        />
        <Engines server={server} />
      </div>
      {part === "containers" && <ContainerTable server={server} />}
      {(part === "image" || part === "volume" || part === "network") && (
        <Holdings key={part} server={server} kind={part} />
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

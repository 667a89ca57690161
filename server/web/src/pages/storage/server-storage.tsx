import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Resource } from "../../api/types.ts";
import { NothingYet } from "./empty.tsx";
import { ControllerList, DriveList, FilesystemList, PoolList } from "./lists.tsx";
import { summaryQuery, usualSorts } from "./queries.ts";
import { badControllerStates, badPoolStates, badVerdicts } from "./words.ts";

/** The storage of one server, for its page. */
export function ServerStorage({ server }: { server: string }) {
  const [sorts, setSorts] = useState(usualSorts);
  const { data } = useQuery(summaryQuery(server));
  const controllers = data?.controllers.total ?? 0;
  const sort = (list: keyof typeof usualSorts) => (next: string) => setSorts((old) => ({ ...old, [list]: next }));
  return (
    <div className="grid gap-3">
      <DriveList
        withoutServer
        title="Drives"
        filter={{ server, sort: sorts.drives }}
        onSort={sort("drives")}
        empty={<NothingYet here list="drives" />}
      />
      <PoolList
        withoutServer
        title="Pools"
        filter={{ server, sort: sorts.pools }}
        onSort={sort("pools")}
        empty={<NothingYet here list="pools" />}
      />
      {controllers > 0 && (
        <ControllerList
          withoutServer
          title="RAID controllers"
          filter={{ server, sort: sorts.controllers }}
          onSort={sort("controllers")}
          empty={<NothingYet here list="controllers" />}
        />
      )}
      <FilesystemList
        withoutServer
        title="Filesystems"
        filter={{ server, sort: sorts.filesystems }}
        onSort={sort("filesystems")}
        empty={<NothingYet here list="filesystems" />}
      />
    </div>
  );
}

const bad = new Set([...badVerdicts.split(","), ...badPoolStates.split(","), ...badControllerStates.split(",")]);

/** Whether a drive, pool or controller needs attention. */
export function isAmiss({ kind, state }: Resource): boolean {
  return ["drive", "pool", "controller"].includes(kind) && bad.has(state ?? "");
}

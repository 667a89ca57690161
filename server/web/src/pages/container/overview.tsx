import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ResourceAlerts } from "../../alerts/resource-alerts.tsx";
import { holdingsQuery, updatesQuery } from "../../api/queries.ts";
import type { Container } from "../../api/types.ts";
import { commandTone } from "../../commands/command-progress.tsx";
import ContainerDetail from "../../containers/container-detail.tsx";
import { list, text, time } from "../../containers/holding-facts.ts";
import { formatBytes } from "../../format/units.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Panel } from "../../ui/page.tsx";
import { Ago } from "../../ui/time.tsx";
import { Rows } from "../server/details.tsx";
import { containerStorageQuery } from "../storage/queries.ts";
import { DrivesBelow, FilesystemsBelow, PoolsBelow } from "../storage/stands-on.tsx";

const link = "text-accent hover:underline";

/** How one container does, what belongs to it, and what its data lies on. */
export default function ContainerOverview({ container }: { container: Container }) {
  return (
    <>
      <ResourceAlerts resource={container} />
      <ContainerDetail container={container} />
      <div className="mt-2 grid items-start gap-3 lg:grid-cols-2">
        <Belongings container={container} />
        <LiesOn container={container} />
      </div>
    </>
  );
}

function Belongings({ container }: { container: Container }) {
  const { serverId: server, name, composeProject, composeService } = container;
  const volumes = useUsed(server, "volume", name);
  const networks = useUsed(server, "network", name);
  const backups = useBackups(server, name);
  const { data: updates } = useQuery(updatesQuery({ container: container.id }));
  const last = updates?.items[0];
  return (
    <Panel title="What belongs to it">
      <Rows
        rows={[
          [
            "Image",
            <Holding key="image" server={server} part="image" q={container.image}>
              {container.image}
            </Holding>,
          ],
          [
            "Compose project",
            composeProject && (
              <span key="project">
                <Link to="/servers/$id" params={{ id: server }} search={projectSearch} className={link}>
                  {composeProject}
                </Link>
                {composeService && <span className="text-muted"> / {composeService}</span>}
              </span>
            ),
          ],
          [
            "Volumes",
            volumes.length > 0 && (
              <ul key="volumes">
                {volumes.map((volume) => (
                  <li key={volume.id}>
                    <Holding server={server} part="volume" q={text(volume, "name") || volume.key}>
                      {text(volume, "name") || volume.key}
                    </Holding>{" "}
                    <span className="text-muted">
                      {volume.latest?.values.size_bytes != null && formatBytes(volume.latest.values.size_bytes)}
                    </span>
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            "Networks",
            networks.length > 0 && (
              <ul key="networks" className="flex flex-wrap gap-x-3">
                {networks.map((network) => (
                  <li key={network.id}>
                    <Holding server={server} part="network" q={text(network, "name") || network.key}>
                      {text(network, "name") || network.key}
                    </Holding>
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            "Backups",
            <span key="backups">
              <Link to="/containers/$id" params={{ id: String(container.id) }} search={backupsSearch} className={link}>
                {backups.count === 0 ? "none" : backups.count}
              </Link>
              {backups.newest !== null && (
                <span className="text-muted">
                  , the newest <Ago at={backups.newest} />
                </span>
              )}
            </span>,
          ],
          [
            "Last update",
            last && (
              <span key="update" className="inline-flex flex-wrap items-center gap-x-2">
                <Link to="/commands/$id" params={{ id: last.id }} className={link}>
                  <Ago at={last.createdAt} />
                </Link>
                <StateDot state={last.status} tone={commandTone(last.status)} />
              </span>
            ),
          ],
        ]}
      />
    </Panel>
  );
}

const projectSearch = { tab: "containers", part: "projects" };
const backupsSearch = { tab: "backups" };

function Holding(props: { server: string; part: string; q: string; children: string }) {
  const search = { tab: "containers", part: props.part, q: props.q };
  return (
    <Link
      to="/servers/$id"
      params={{ id: props.server }}
      search={search}
      className={`font-mono text-xs break-all ${link}`}
    >
      {props.children}
    </Link>
  );
}

function useUsed(server: string, kind: string, container: string) {
  const { data } = useQuery(holdingsQuery(server, kind));
  return (data ?? []).filter((row) => list(row, "containers").includes(container));
}

function useBackups(server: string, container: string): { count: number; newest: string | null } {
  const { data } = useQuery(holdingsQuery(server, "backup"));
  const mine = (data ?? []).filter((row) =>
    [text(row, "container"), `${text(row, "runtime")}/${text(row, "container")}`].includes(container),
  );
  const times = mine.flatMap((row) => time(row, "created") ?? []).sort();
  return { count: mine.length, newest: times.at(-1) ?? null };
}

/** The filesystems, pools and drives below its mounts. */
function LiesOn({ container }: { container: Container }) {
  const { data } = useQuery(containerStorageQuery(container.id));
  if (data === undefined || data.filesystems.length === 0) return null;
  return (
    <Panel title="What its data lies on">
      <div className="divide-y divide-line">
        <FilesystemsBelow filesystems={data.filesystems} />
        <PoolsBelow pools={data.pools} />
        <DrivesBelow drives={data.drives} />
      </div>
    </Panel>
  );
}

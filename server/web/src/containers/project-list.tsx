import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { containersQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { lazyPart } from "../app/lazy-part.tsx";
import { useMay } from "../app/session.ts";
import { shortImage } from "../commands/command-progress.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Panel } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { ContainerState } from "./container-state.tsx";
import { useCommands } from "./followed-command.tsx";
import { type Project, projectsOf } from "./projects.ts";

const ProjectDialog = lazyPart(
  () => import("./project-dialog.tsx").then((file) => file.ProjectDialog),
  (failed, { onClose }) => (
    <Dialog open onOpenChange={onClose} title="Update project">
      {failed}
    </Dialog>
  ),
);

/** The compose projects of a server, each with its containers and one update for all of them. */
export function ProjectList({ server }: { server: string }) {
  const query = useQuery(containersQuery(server));
  return (
    <Loaded
      query={query}
      isEmpty={(rows) => projectsOf(rows).length === 0}
      empty={
        <div className="panel">
          <EmptyState icon="containers" title="No compose project runs here">
            Containers that docker compose or podman-compose made are grouped here, and updated as one.
          </EmptyState>
        </div>
      }
    >
      {(rows) => (
        <div className="grid gap-3">
          {projectsOf(rows).map((project) => (
            <ProjectPanel key={project.name} project={project} />
          ))}
        </div>
      )}
    </Loaded>
  );
}

function ProjectPanel({ project }: { project: Project }) {
  const may = useMay("operator");
  const [updating, setUpdating] = useState(false);
  const commands = useCommands(project.serverId);
  return (
    <Panel
      title={
        <>
          {project.name}{" "}
          <span className="text-xs font-normal text-muted">
            {project.services.length} {project.services.length === 1 ? "service" : "services"}
          </span>
        </>
      }
      actions={
        may && (
          <Button small icon="up" onClick={() => setUpdating(true)}>
            Update project
          </Button>
        )
      }
    >
      <ul className="divide-y divide-line">
        {project.containers.map((container) => (
          <ProjectRow key={container.id} container={container} />
        ))}
      </ul>
      {updating && (
        <ProjectUpdate
          project={project}
          onClose={() => setUpdating(false)}
          onSent={(id) => {
            setUpdating(false);
            commands.follow(id, project.name);
          }}
        />
      )}
      {commands.dialog}
    </Panel>
  );
}

function ProjectRow({ container }: { container: Container }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-3 py-2 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_14rem]">
      <span className="min-w-0">
        <Link
          to="/containers/$id"
          params={{ id: String(container.id) }}
          className="block truncate font-medium hover:underline"
        >
          {container.composeService}
        </Link>
        <span className="block truncate text-xs text-muted">{container.name}</span>
      </span>
      <span className="min-w-0 truncate font-mono text-xs text-soft max-md:order-3" title={container.image}>
        {shortImage(container.image)}
      </span>
      <ContainerState container={container} />
    </li>
  );
}

/** The dialog of a project's update, loaded when it is opened. */
export function ProjectUpdate(props: { project: Project; onClose: () => void; onSent: (id: string) => void }) {
  const { project, onClose, onSent } = props;
  return (
    <Suspense fallback={null}>
      <ProjectDialog project={project} onClose={onClose} onSent={({ id }) => onSent(id)} />
    </Suspense>
  );
}

import type { Container } from "../api/types.ts";

/** A compose project on a server, as its containers' labels tell. */
export type Project = {
  serverId: string;
  serverName: string;
  name: string;
  /** By name. */
  services: { name: string; image: string; containers: number }[];
  containers: Container[];
};

/** The projects of these containers by server and name; what is gone, or of no service, counts for none. */
export function projectsOf(containers: readonly Container[]): Project[] {
  const found = new Map<string, Project>();
  for (const container of containers) {
    const { serverId, serverName, composeProject: name, composeService: service, image, goneAt } = container;
    if (name === null || service === null || goneAt !== null) continue;
    const key = `${serverId} ${name}`;
    const project = found.get(key) ?? { serverId, serverName, name, services: [], containers: [] };
    found.set(key, project);
    project.containers.push(container);
    const known = project.services.find((one) => one.name === service);
    if (known) known.containers++;
    else project.services.push({ name: service, image, containers: 1 });
  }
  for (const { services, containers: own } of found.values()) {
    services.sort((a, b) => a.name.localeCompare(b.name));
    own.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name) || a.serverName.localeCompare(b.serverName));
}

import type { Host } from "../host/host.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { databaseKey, type Found, withPort } from "./found.ts";
import { here } from "./places.ts";
import { argumentsOf, containerIdOf, type Namespace, nameOf, ownersOf } from "./processes.ts";
import { hintPorts, speaks } from "./protocol-check.ts";
import { toldDataDirectory } from "./recognise.ts";

/** Programs that pass on what another serves. */
const passesOn =
  /^(docker-proxy|rootlessport|slirp4netns|pasta|conmon|haproxy|pgbouncer|odyssey|pgcat|proxysql|mysqlrouter|maxscale|envoy|nginx|stunnel4?|sshd?|ssh|socat|kubectl|kube-proxy|cloud_sql_proxy|cloud-sql-prox|twemproxy|nutcracker|redis-sentinel|predixy)$/;

/** Listeners at a database's usual port whose program has another name: asked once each what they speak. `before`: the last answer, by inode. */
export async function checkUnknown(
  host: Host,
  own: Namespace,
  taken: ReadonlySet<string>,
  before: ReadonlyMap<string, Found | undefined>,
  containers: readonly ContainerInfo[],
): Promise<Map<string, Found | undefined>> {
  const next = new Map<string, Found | undefined>();
  const unknown = own.tcp.filter(({ port, inode }) => hintPorts.includes(port) && !taken.has(inode));
  const fresh = unknown.filter(({ inode }) => !before.has(inode));
  for (const { inode } of unknown) if (before.has(inode)) next.set(inode, before.get(inode));
  if (fresh.length === 0) return next;
  const owners = await ownersOf(host, new Set(fresh.map(({ inode }) => inode)));
  for (const { port, inode, address } of fresh) {
    const pid = owners.get(inode);
    const name = pid === undefined ? undefined : nameOf(host, pid);
    next.set(inode, undefined);
    if (pid === undefined || name === undefined || passesOn.test(name)) continue;
    const place = here([address], port);
    if (place === undefined) continue;
    const engine = await speaks(place.host, place.port);
    if (engine === undefined) continue;
    const id = containerIdOf(host.readText(`/proc/${pid}/cgroup`) ?? "");
    const info = containers.find((one) => one.id === id);
    const container = id === undefined ? undefined : { id, name: info?.name ?? id.slice(0, 12) };
    const at = container ? { container: container.name, port } : place;
    next.set(inode, {
      engine,
      key: databaseKey(engine, at),
      ...place,
      addresses: [withPort(place.host, place.port)],
      sockets: [],
      ...(container === undefined ? {} : { container }),
      process: { pid, name, exe: undefined },
      ...knownDirectory(toldDataDirectory(engine, argumentsOf(host, pid))),
    });
  }
  return next;
}

function knownDirectory(path: string | undefined): Pick<Found, "dataDirectory"> {
  return path === undefined ? {} : { dataDirectory: { path, shown: path } };
}

import { expect, test } from "vitest";
import { rootedHost } from "../../tests/rooted-host.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { createDiscover } from "./discover.ts";
import { publishedAt } from "./places.ts";

type Fake = {
  comm: string;
  args?: string[];
  exe?: string;
  cwd?: string;
  parent?: number;
  cgroup?: string;
  /** Link of its network namespace. */
  net?: string;
  /** Address and port in hexadecimal, as /proc/net/tcp has them. */
  tcp?: [local: string, inode: number][];
  unix?: [path: string, inode: number][];
  /** Addresses of its namespace. */
  own?: string;
};

const hostNet = "net:[1]";

/** Files of /proc for these processes; those of one namespace share its sockets. */
function files(processes: Record<number, Fake>): Record<string, string> {
  const made: Record<string, string> = { "/proc/self/ns/net": `-> ${hostNet}` };
  const byNet = new Map<string, Fake[]>();
  for (const one of Object.values(processes))
    byNet.set(one.net ?? hostNet, [...(byNet.get(one.net ?? hostNet) ?? []), one]);
  const tcp = (net: string) =>
    `sl\n${(byNet.get(net) ?? []).flatMap(({ tcp: all = [] }) => all.map(([local, inode]) => `0: ${local} 00000000:0000 0A 0:0 00:0 0 0 0 ${inode} 1\n`)).join("")}`;
  const unix = (net: string) =>
    (byNet.get(net) ?? [])
      .flatMap(({ unix: all = [] }) => all.map(([path, inode]) => `0: 2 0 10000 0001 01 ${inode} ${path}\n`))
      .join("");
  made["/proc/self/net/tcp"] = tcp(hostNet);
  made["/proc/self/net/unix"] = unix(hostNet);
  for (const [pid, one] of Object.entries(processes)) {
    const net = one.net ?? hostNet;
    const at = `/proc/${pid}`;
    made[`${at}/comm`] = `${one.comm}\n`;
    made[`${at}/stat`] = `${pid} (${one.comm}) S ${one.parent ?? 1} ${"0 ".repeat(17)}4711 0`;
    made[`${at}/cmdline`] = `${(one.args ?? [one.comm]).join("\0")}\0`;
    made[`${at}/cgroup`] = one.cgroup ?? "0::/system.slice/x.service\n";
    made[`${at}/exe`] = `-> ${one.exe ?? `/usr/bin/${one.comm}`}`;
    made[`${at}/cwd`] = `-> ${one.cwd ?? "/"}`;
    // Seen from here where it is no container's.
    if (one.cgroup === undefined && one.cwd !== undefined) made[`${one.cwd}/some-file`] = "";
    made[`${at}/ns/net`] = `-> ${net}`;
    made[`${at}/net/tcp`] = tcp(net);
    made[`${at}/net/unix`] = unix(net);
    if (one.own !== undefined) made[`${at}/net/fib_trie`] = `Local:\n  |-- ${one.own}\n     /32 host LOCAL\n`;
    for (const [path] of one.unix ?? []) made[one.cgroup === undefined ? path : `${at}/root${path}`] = "";
    for (const [i, [, inode]] of [...(one.tcp ?? []), ...(one.unix ?? [])].entries()) {
      made[`${at}/fd/${i + 3}`] = `-> socket:[${inode}]`;
    }
  }
  return made;
}

const id = "ab".repeat(32);
const inDocker = `0::/system.slice/docker-${id}.scope\n`;
const container = (more: Partial<ContainerInfo> = {}) =>
  ({
    id,
    name: "shop",
    image: "mariadb:11",
    state: "running",
    pid: 900,
    ports: [],
    networkMode: "lan",
    ...more,
  }) as ContainerInfo;

async function discovered(processes: Record<number, Fake>, containers: ContainerInfo[] = []) {
  const found = await createDiscover(rootedHost(files(processes)))(containers);
  return found.map(({ key, host, port, socket, dataDirectory, problem, role }) => ({
    key,
    ...(host === undefined ? {} : { at: `${host}:${port}` }),
    ...(socket === undefined ? {} : { socket: socket.replace(/\/proc\/\d+/, "/proc/PID") }),
    ...(dataDirectory === undefined ? {} : { data: dataDirectory.path }),
    ...(role === undefined ? {} : { role }),
    ...(problem === undefined ? {} : { problem }),
  }));
}

test.each<[what: string, processes: Record<number, Fake>, containers: ContainerInfo[], expected: unknown[]]>([
  [
    "a postmaster, once, its backends and tools left out",
    {
      10: {
        comm: "postgres",
        cwd: "/var/lib/postgresql/15/main",
        tcp: [
          ["0100007F:1538", 1],
          ["0500000A:1538", 2],
        ],
        unix: [["/run/postgresql/.s.PGSQL.5432", 3]],
      },
      11: { comm: "postgres", parent: 10, args: ["postgres: checkpointer "] },
      12: { comm: "pg_basebackup" },
    },
    [],
    [{ key: "postgresql:127.0.0.1:5432", at: "127.0.0.1:5432", data: "/var/lib/postgresql/15/main" }],
  ],
  [
    "one with nothing but a socket",
    { 10: { comm: "postgres", unix: [["/run/postgresql/.s.PGSQL.5432", 3]], cwd: "/d" } },
    [],
    [{ key: "postgresql:/run/postgresql/.s.PGSQL.5432", socket: "/run/postgresql/.s.PGSQL.5432", data: "/d" }],
  ],
  [
    "MySQL by its socket, not its X protocol",
    {
      10: {
        comm: "mysqld",
        args: ["mysqld", "--datadir=/srv/mysql"],
        tcp: [
          ["00000000:8124", 2],
          ["00000000:0CEA", 1],
        ],
        unix: [
          ["/run/mysqld/mysqlx.sock", 4],
          ["/run/mysqld/mysqld.sock", 3],
        ],
      },
    },
    [],
    [
      {
        key: "mysql:127.0.0.1:3306",
        at: "127.0.0.1:3306",
        socket: "/run/mysqld/mysqld.sock",
        data: "/proc/10/root/srv/mysql",
      },
    ],
  ],
  [
    "a cluster's Redis and a sentinel on ports of their own",
    {
      10: {
        comm: "redis-server",
        tcp: [
          ["0100007F:1B58", 1],
          ["0100007F:4268", 2],
        ],
        cwd: "/r",
      },
      11: { comm: "redis-sentinel", tcp: [["0100007F:670B", 3]], cwd: "/s" },
    },
    [],
    [
      { key: "redis:127.0.0.1:7000", at: "127.0.0.1:7000", data: "/r" },
      { key: "redis:127.0.0.1:26379", at: "127.0.0.1:26379", data: "/s", role: "sentinel" },
    ],
  ],
  [
    "in a container, by its published port; docker-proxy is none",
    {
      10: {
        comm: "mariadbd",
        cgroup: inDocker,
        net: "net:[2]",
        own: "172.18.0.2",
        tcp: [["00000000:0CEA", 1]],
        cwd: "/var/lib/mysql",
      },
      11: { comm: "docker-proxy", tcp: [["00000000:33EA", 2]] },
    },
    [container({ ports: ["13306->3306/tcp"] })],
    [{ key: "mariadb:container/shop:3306", at: "127.0.0.1:13306", data: "/proc/10/root/var/lib/mysql" }],
  ],
  [
    "in a container, by its address on the bridge",
    {
      10: {
        comm: "redis-server",
        cgroup: inDocker,
        net: "net:[2]",
        own: "172.18.0.2",
        tcp: [["00000000:18EB", 1]],
        cwd: "/data",
      },
    },
    [container({ name: "cache" })],
    [{ key: "redis:container/cache:6379", at: "172.18.0.2:6379", data: "/proc/10/root/data" }],
  ],
  [
    "in a container, by a socket in it",
    {
      10: {
        comm: "postgres",
        cgroup: inDocker,
        net: "net:[2]",
        unix: [["/run/postgresql/.s.PGSQL.5432", 1]],
        tcp: [["0100007F:1538", 2]],
        cwd: "/d",
      },
    },
    [container()],
    [
      {
        key: "postgresql:container/shop:5432",
        socket: "/proc/PID/root/run/postgresql/.s.PGSQL.5432",
        data: "/proc/10/root/d",
      },
    ],
  ],
  [
    "in a container, out of reach",
    { 10: { comm: "redis-server", cgroup: inDocker, net: "net:[2]", tcp: [["0100007F:18EB", 1]] } },
    [container()],
    [
      {
        key: "redis:container/shop:6379",
        data: "/proc/10/root/",
        problem: "it listens only inside its container: publish port 6379, or let it listen on all addresses there",
      },
    ],
  ],
  [
    "in a container on the host's network",
    { 10: { comm: "redis-server", cgroup: inDocker, tcp: [["0100007F:18EB", 1]], cwd: "/data" } },
    [container({ name: "cache", networkMode: "host" })],
    [{ key: "redis:container/cache:6379", at: "127.0.0.1:6379", data: "/proc/10/root/data" }],
  ],
  [
    "in a container that the engine does not tell of",
    {
      10: {
        comm: "redis-server",
        cgroup: `0::/kubepods/pod1/${id}\n`,
        net: "net:[2]",
        own: "10.1.0.9",
        tcp: [["00000000:18EB", 1]],
        cwd: "/data",
      },
    },
    [],
    [{ key: "redis:container/abababababab:6379", at: "10.1.0.9:6379", data: "/proc/10/root/data" }],
  ],
  [
    "a container whose processes can't be seen, by its image",
    {},
    [
      container({ ports: ["127.0.0.1:3399->3306/tcp"] }),
      container({ id: "cd", name: "web", image: "nginx" }),
      container({ id: "ef", name: "old", image: "redis", state: "exited" }),
    ],
    [{ key: "mariadb:container/shop:3306", at: "127.0.0.1:3399" }],
  ],
  [
    "one whose network namespace keeps it from us, by its own port, and hides none that can be reached",
    {
      10: { comm: "minio", args: ["minio", "server", "/d"], net: "net:[2]", tcp: [["0100007F:2328", 1]] },
      11: { comm: "minio", args: ["minio", "server", "/e"], tcp: [["0100007F:2328", 2]] },
      12: { comm: "minio", args: ["minio", "server", "/f"], net: "net:[3]", tcp: [["0100007F:2329", 3]] },
    },
    [],
    [
      { key: "minio:127.0.0.1:9000", at: "127.0.0.1:9000", data: "/proc/11/root/e" },
      {
        key: "minio:127.0.0.1:9001",
        problem: "it listens only in a network namespace of its own: let it listen on port 9001 of the host too",
        data: "/proc/12/root/f",
      },
    ],
  ],
  ["nothing", { 1: { comm: "systemd" }, 20: { comm: "nginx", tcp: [["00000000:0050", 1]] } }, [], []],
])("finds %s", async (_, processes, containers, expected) => {
  expect(await discovered(processes, containers)).toEqual(expected);
});

test("without the right to see its sockets, by what its title says", async () => {
  const all = files({
    10: { comm: "redis-server", args: ["/usr/bin/redis-server 127.0.0.1:6390"], tcp: [["0100007F:18F6", 1]] },
  });
  for (const path of Object.keys(all)) if (path.includes("/fd/") || path === "/proc/10/ns/net") delete all[path];
  const [found] = await createDiscover(rootedHost(all))([]);
  expect(found).toMatchObject({ key: "redis:127.0.0.1:6390", port: 6390 });
});

test("a socket that only its process sees is reached below its root, one that nobody sees not at all", async () => {
  const tmp = "/tmp/mysql.sock";
  const all = files({
    10: { comm: "mysqld", args: ["mysqld", "--datadir=/d"], tcp: [["0100007F:0CEA", 1]], unix: [[tmp, 2]] },
  });
  delete all[tmp];
  expect((await createDiscover(rootedHost(all))([]))[0]).not.toHaveProperty("socket");
  const below = `/proc/10/root${tmp}`;
  expect((await createDiscover(rootedHost({ ...all, [below]: "" }))([]))[0]).toMatchObject({ socket: below });
});

test("a later look sees what came and went", async () => {
  const one: Fake = { comm: "redis-server", tcp: [["0100007F:18EB", 1]], cwd: "/data" };
  const host = rootedHost(files({ 10: one }));
  const discover = createDiscover(host);
  expect(await discover([])).toHaveLength(1);
  const later = files({ 10: one, 11: { ...one, tcp: [["0100007F:18EC", 2]] } });
  for (const [path, text] of Object.entries(later)) {
    if (path.startsWith("/proc/11/") || path === "/proc/10/net/tcp") host.write(path, text);
  }
  expect((await discover([])).map(({ key }) => key)).toEqual(["redis:127.0.0.1:6379", "redis:127.0.0.1:6380"]);
});

test.each([
  [["8080->80/tcp"], 80, { host: "127.0.0.1", port: 8080 }],
  [["10.0.0.5:8080->80/tcp", "127.0.0.1:8081->80/tcp"], 80, { host: "127.0.0.1", port: 8081 }],
  [["[::1]:8080->80/tcp"], 80, { host: "::1", port: 8080 }],
  [["8080->80/udp", "80/tcp", "?->80/tcp"], 80, undefined],
])("%j publishes %i at %j", (ports, inside, expected) => expect(publishedAt(ports, inside)).toEqual(expected));

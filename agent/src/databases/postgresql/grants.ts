import { isLocal, type Target } from "../probe.ts";
import type { Refusal } from "./failures.ts";

/** The role's name where none is set. */
export const defaultUser = "fairlead";

/** Statements that make the role that is needed, as a superuser pastes them into psql; `<password>` stands for one. */
export function grants(target: Target): string[] {
  const role = identifier(target.user ?? defaultUser);
  return [
    shell(target),
    `CREATE ROLE ${role} LOGIN PASSWORD '<password>';`,
    `GRANT pg_monitor TO ${role};`,
    `-- Where pg_hba.conf lets no such user in: ${hbaLine(target)}`,
  ];
}

/** What to do where the server refused the role in that way. */
export function grantsAfter(refused: Refusal, target: Target): string[] {
  const role = identifier(target.user ?? defaultUser);
  if (refused === "hba") {
    return [shell(target), `-- Into pg_hba.conf, above what refuses: ${hbaLine(target)}`, "SELECT pg_reload_conf();"];
  }
  const [first = "", ...rest] = grants(target);
  return [first, `-- Where the role is there already: ALTER ROLE ${role} LOGIN PASSWORD '<password>';`, ...rest];
}

/** The statement that shows what others do, where the role may not see it. */
export function grantMonitor(target: Target): string[] {
  return [shell(target), `GRANT pg_monitor TO ${identifier(target.user ?? defaultUser)};`];
}

function shell({ container, port, socket }: Target): string {
  if (container !== undefined) return `-- docker exec -it ${container} sh -c 'psql -U "\${POSTGRES_USER:-postgres}"'`;
  const at = port ?? /\.(\d+)$/.exec(socket ?? "")?.[1] ?? 5432;
  return `-- sudo -u postgres psql${Number(at) === 5432 ? "" : ` -p ${at}`}`;
}

function hbaLine(target: Target): string {
  const role = identifier(target.user ?? defaultUser);
  const database = identifier(target.database ?? "postgres");
  if (target.socket !== undefined) return `local ${database} ${role} scram-sha-256`;
  const from =
    target.container !== undefined ? "samenet" : isLocal(target) ? loopback(target.host) : "<address of this host>/32";
  return `host ${database} ${role} ${from} scram-sha-256`;
}

function loopback(host = "127.0.0.1"): string {
  return host.includes(":") ? "::1/128" : "127.0.0.1/32";
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

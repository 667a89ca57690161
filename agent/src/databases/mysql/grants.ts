import { isLocal, type Target } from "../probe.ts";

/** Statements that make a user who can read the server's state and none of its data. */
export function grants(target: Target): string[] {
  const account = `'fairlead'@'${clientHost(target)}'`;
  const mariadb = target.engine === "mariadb";
  const enter =
    target.container === undefined
      ? []
      : [`docker exec -it ${target.container} ${mariadb ? "mariadb" : "mysql"} -u root -p`];
  const rights = mariadb
    ? [
        `GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO ${account};`,
        `-- before MariaDB 10.5: GRANT PROCESS, REPLICATION CLIENT ON *.* TO ${account};`,
      ]
    : [`GRANT PROCESS, REPLICATION CLIENT ON *.* TO ${account};`];
  return [
    ...enter,
    `CREATE USER ${account} IDENTIFIED BY '<password>' WITH MAX_USER_CONNECTIONS 3;`,
    ...rights,
    `GRANT SELECT ON performance_schema.* TO ${account};`,
  ];
}

/** The right that a part lacks, as a statement for the account that is used (CURRENT_USER(): user@host). */
export function missingGrant(part: MissingRight, currentUser: string, mariadb: boolean): string {
  const at = currentUser.lastIndexOf("@");
  const [user, host] = at < 0 ? [currentUser, "%"] : [currentUser.slice(0, at), currentUser.slice(at + 1)];
  return `GRANT ${mariadb ? part.mariadb : part.mysql} TO ${quoted(user)}@${quoted(host)};`;
}

export type MissingRight = { mysql: string; mariadb: string };

export const processRight: MissingRight = { mysql: "PROCESS ON *.*", mariadb: "PROCESS ON *.*" };
export const replicationRight: MissingRight = {
  mysql: "REPLICATION CLIENT ON *.*",
  mariadb: "BINLOG MONITOR, SLAVE MONITOR ON *.*",
};
export const performanceRight: MissingRight = {
  mysql: "SELECT ON performance_schema.*",
  mariadb: "SELECT ON performance_schema.*",
};

// A server in a container sees the bridge's address, a remote one an address that is not known here.
function clientHost(target: Target): string {
  if (target.container !== undefined) return "%";
  if (target.socket !== undefined) return "localhost";
  if (!isLocal(target)) return "%";
  return target.host === "::1" ? "::1" : "127.0.0.1";
}

function quoted(name: string): string {
  return `'${name
    .replaceAll(/[\p{Cc}]/gu, "")
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "''")}'`;
}

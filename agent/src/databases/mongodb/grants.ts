import type { Target } from "../probe.ts";

const roles = '[{ role: "clusterMonitor", db: "admin" }]';

/** Statements that make a user who can read the server's state and none of its data, for mongosh. */
export function grants(target: Target): string[] {
  const enter = target.container === undefined ? [] : [`docker exec -it ${target.container} mongosh -u ADMIN -p`];
  return [...enter, `db.getSiblingDB("admin").createUser({ user: "fairlead", pwd: "<password>", roles: ${roles} })`];
}

/** The statement that gives the role to the user that is used. */
export function grantRole({ user = "fairlead", database = "admin" }: Target): string {
  return `db.getSiblingDB(${JSON.stringify(database)}).grantRolesToUser(${JSON.stringify(user)}, ${roles})`;
}

import { expect, test } from "vitest";
import { failure, type Target } from "../probe.ts";
import { isFull, isLost, readFailure, refusal } from "./failures.ts";
import { grants, grantsAfter } from "./grants.ts";

const target: Target = {
  key: "k",
  engine: "postgresql",
  host: "127.0.0.1",
  port: 5432,
  timeoutMs: 5_000,
  password: "s3cret",
};
const server = (code: string, message: string, routine = "") =>
  Object.assign(new Error(message), { code, routine, severity: "FATAL" });

test.each([
  ["57P03", "the database system is starting up", "down", /starting up/],
  ["57P01", "terminating connection due to administrator command", "down", /administrator/],
  ["28P01", 'password authentication failed for user "fairlead"', "needs_credentials", /refused: password/],
  ["28000", 'keine pg_hba.conf-Zeile für Host "10.0.0.1"', "needs_credentials", /refused: keine/],
  ["53300", "sorry, too many clients already", "error", /it answers, but all connections are taken/],
  ["57014", "canceling statement due to statement timeout", "timed_out", /cancelled the probe/],
  ["55P03", "canceling statement due to lock timeout", "timed_out", /locked/],
  ["3D000", 'database "x" does not exist', "error", /set the database/],
  ["08P01", "unsupported startup parameter: options", "error", /PgBouncer/],
  ["0A000", "unsupported frontend protocol 3.0", "error", /too old/],
  ["XX000", "leaks s3cret\nin two lines", "error", /^leaks \*\*\* in two lines \(XX000\)$/],
])("%s %s: %s", (code, message, status, reason) => {
  const result = failure(readFailure(server(code, message), target), target);
  expect(result.status).toBe(status);
  expect(result.reason).toMatch(reason);
});

test("the limit of one role or database is not the server's", () => {
  expect(isFull(server("53300", "sorry, too many clients already", "ProcessStartupPacket"))).toBe(true);
  expect(isFull(server("53300", "remaining connection slots are reserved", "InitPostgres"))).toBe(true);
  expect(isFull(server("53300", 'too many connections for role "x"', "InitializeSessionUserId"))).toBe(false);
  expect(isFull(server("53300", 'too many connections for database "x"', "CheckMyDatabase"))).toBe(false);
});

test("a connection that is lost is told from a statement that fails", () => {
  expect(isLost(server("57P01", "terminating connection"))).toBe(true);
  expect(isLost(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect(isLost(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }))).toBe(true);
  expect(isLost(server("42501", "permission denied"))).toBe(false);
});

test("grants can be pasted, names are quoted, no password is in them", () => {
  expect(grants(target)).toEqual([
    "-- sudo -u postgres psql",
    "CREATE ROLE fairlead LOGIN PASSWORD '<password>';",
    "GRANT pg_monitor TO fairlead;",
    "-- Where pg_hba.conf lets no such user in: host postgres fairlead 127.0.0.1/32 scram-sha-256",
  ]);
  const inside = { ...target, container: "db-1", user: 'a"b', database: "App", host: "172.17.0.2" };
  expect(grants(inside)).toEqual([
    `-- docker exec -it db-1 sh -c 'psql -U "\${POSTGRES_USER:-postgres}"'`,
    `CREATE ROLE "a""b" LOGIN PASSWORD '<password>';`,
    `GRANT pg_monitor TO "a""b";`,
    `-- Where pg_hba.conf lets no such user in: host "App" "a""b" samenet scram-sha-256`,
  ]);
  expect(grantsAfter(refusal(server("28000", "no entry", "ClientAuthentication")), target)).toEqual([
    "-- sudo -u postgres psql",
    "-- Into pg_hba.conf, above what refuses: host postgres fairlead 127.0.0.1/32 scram-sha-256",
    "SELECT pg_reload_conf();",
  ]);
  expect(JSON.stringify([grants(target), grantsAfter("password", target)])).not.toContain("s3cret");
});

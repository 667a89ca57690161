import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCa, startServer, type TestCa, type TestServer } from "../../tests/test-server.ts";
import { parseConfig } from "../config.ts";
import { loadIdentity, newKey, renewAt } from "../identity.ts";
import { enrollAgent } from "./enroll.ts";

let ca: TestCa;
let server: TestServer;
let stateDir = "";

beforeAll(async () => {
  ca = createCa();
  server = await startServer(ca);
});
afterAll(async () => {
  await server.stop();
  ca.remove();
});
beforeEach(() => {
  stateDir = join(mkdtempSync(join(tmpdir(), "fairlead-enroll-")), "state");
  return () => rmSync(join(stateDir, ".."), { recursive: true, force: true });
});

const config = (pin = ca.pin, address = server.address) =>
  parseConfig(`server: ${address}\ncaSha256: ${pin}\nstateDir: ${stateDir}\n`);
const options = { token: "good", agentVersion: "0.0.1", machineId: "m", facts: { os: "x" } };

test("a certificate request is what openssl takes for one, signed by its key", () => {
  const { csrDer } = newKey("host-ä.example");
  const out = execFileSync("openssl", ["req", "-inform", "DER", "-verify", "-noout", "-subject", "-text"], {
    input: csrDer,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
  expect(out).toContain("prime256v1");
  expect(out).toContain("ecdsa-with-SHA256");
});

test("a token becomes an identity, private and whole", async () => {
  expect(await enrollAgent(config(), options)).toEqual({ serverId: expect.any(String), already: false });
  expect(server.enrolments.at(-1)).toMatchObject({
    token: "good",
    machineId: "m",
    agentVersion: "0.0.1",
    facts: { os: "x" },
  });
  const identity = loadIdentity(stateDir);
  expect(identity).toMatchObject({ serverId: "11111111-2222-3333-4444-555555555555" });
  expect(renewAt(identity!) - identity!.notBefore).toBe(20 * 86_400_000);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(stateDir, "key.pem")).mode & 0o777).toBe(0o600);
  const before = server.enrolments.length;
  expect(await enrollAgent(config(), { ...options, token: "" })).toMatchObject({ already: true });
  expect(server.enrolments).toHaveLength(before);
});

test.each([
  [
    "another pin",
    () => config("ab".repeat(32)),
    {},
    () => `CA pin mismatch: expected ${"ab".repeat(32)}, the server presents ${ca.pin}`,
  ],
  ["a refused token", () => config(), { token: "used" }, () => "refused: the token is used up"],
  ["no token", () => config(), { token: " " }, () => "no token: set FAIRLEAD_TOKEN"],
  ["nothing there", () => config(ca.pin, "127.0.0.1:1"), {}, () => "connection refused: is the server running"],
  ["no pin", () => parseConfig(`server: a:1\nstateDir: ${stateDir}`), {}, () => "caSha256: missing"],
])("%s: says so and stores nothing", async (_, make, more, message) => {
  const failure = await enrollAgent(make(), { ...options, ...more }).catch((error: Error) => error);
  expect((failure as Error).message).toContain(message());
  expect((failure as Error).message).not.toContain("used\n");
  expect(loadIdentity(stateDir)).toBeUndefined();
});

test.each([
  ["cert.pem", "rubbish", "is damaged"],
  ["key.pem", "rubbish", "is damaged"],
  ["key.pem", newKey("x").key, "does not belong to key.pem"],
])("a wrong %s is named with the remedy", async (name, text, message) => {
  await enrollAgent(config(), options);
  writeFileSync(join(stateDir, name), text);
  expect(() => loadIdentity(stateDir)).toThrow(message);
  expect(() => loadIdentity(stateDir)).toThrow("enroll --force");
  expect(await enrollAgent(config(), { ...options, force: true })).toMatchObject({ already: false });
  expect(readFileSync(join(stateDir, name), "utf8")).not.toBe(text);
});

import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ContainerRuntime } from "../../runtimes/runtime.ts";
import type { GateSpec } from "../container-command.ts";
import { fitsStatus, tryGate } from "./probe.ts";
import { runGates } from "./run-gates.ts";

let asked = 0;
const answer: RequestListener = (request, response) => {
  asked++;
  if (request.url === "/late" && asked < 3) response.writeHead(503).end("not yet");
  else if (request.url === "/moved") response.writeHead(302, { location: "/elsewhere" }).end();
  else if (request.url === "/hang") return;
  else if (request.url === "/endless") {
    response.on("error", () => undefined);
    const write = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
      if (!response.destroyed) response.once("drain", write);
    };
    write();
  } else if (request.url === "/edge") response.end(`${"x".repeat(100_000)}all is well`);
  else if (request.url === "/slow") response.write("all is");
  else response.end("all is well");
};
const server = createServer(answer);
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let execs = 0;
type Exec = [id: string, { command: string[] }, onOutput: (stream: string, chunk: Buffer) => void, signal: AbortSignal];
const runtime = {
  exec: async (...[, { command }, onOutput, signal]: Exec) => {
    execs++;
    if (command[0] === "hangs") await new Promise((_, reject) => signal.addEventListener("abort", reject));
    onOutput("stderr", Buffer.from("first\nsecond line\n"));
    return { exitCode: command[0] === "true" ? 0 : command[0] === "missing" ? 127 : 4 };
  },
} as unknown as ContainerRuntime;

function run(gate: GateSpec, addresses = ["127.0.0.1"], signal = AbortSignal.timeout(20_000)) {
  asked = 0;
  const reach = async () => ({
    id: "x",
    addresses,
    published: [{ containerPort: 80, hostIp: "0.0.0.0", hostPort: port }],
  });
  return runGates([gate], runtime, reach, () => {}, signal);
}

const http = (path: string, more: object = {}): GateSpec => ({
  kind: "http",
  port,
  path,
  status: "",
  contains: "",
  tls: false,
  timeoutSeconds: 1,
  ...more,
});

test.for<[name: string, gate: () => GateSpec, passed: boolean, said: RegExp]>([
  ["answers", () => http("/"), true, /^$/],
  ["answers after a while", () => http("/late", { timeoutSeconds: 10 }), true, /^$/],
  ["a status that is not wanted", () => http("/moved", { status: "200" }), false, /status 302/],
  ["a redirection will do", () => http("/moved"), true, /^$/],
  ["holds the text", () => http("/", { contains: "is well" }), true, /^$/],
  ["lacks the text", () => http("/", { contains: "broken" }), false, /does not hold "broken"/],
  ["holds the text where two pieces meet", () => http("/edge", { contains: "xxall is well" }), true, /^$/],
  [
    "a body that does not go on",
    () => http("/slow", { contains: "well" }),
    false,
    /: the answer did not end within 1 s, what came of it does not hold "well"$/,
  ],
  ["no answer", () => http("/hang"), false, /: no answer within 1 s$/],
  ["plain where TLS is asked", () => http("/", { tls: true }), false, /https:/],
  ["nobody listens", () => ({ kind: "tcp", port: 1, timeoutSeconds: 1 }), false, /ECONNREFUSED/],
  ["somebody listens", () => ({ kind: "tcp", port, timeoutSeconds: 1 }), true, /^$/],
  ["a program that succeeds", () => ({ kind: "exec", command: ["true"], timeoutSeconds: 1 }), true, /^$/],
  [
    "a program that fails",
    () => ({ kind: "exec", command: ["no"], timeoutSeconds: 1 }),
    false,
    /^no: exit code 4: second line$/,
  ],
])("%s", async ([, gate, passed, said]) => {
  const [outcome] = await run(gate());
  expect(outcome?.passed).toBe(passed);
  expect(outcome?.said).toMatch(said);
});

test("a published port is a way to the container's own", async () => {
  const [outcome] = await run({ ...http("/"), port: 80 } as GateSpec, []);
  expect(outcome?.passed).toBe(true);
});

test("a port that nothing leads to is refused at once", async () => {
  await expect(run({ kind: "tcp", port: 9, timeoutSeconds: 60 }, [])).rejects.toThrow("take an exec gate");
});

test("a program that is not there is refused at once", async () => {
  await expect(run({ kind: "exec", command: ["missing"], timeoutSeconds: 60 })).rejects.toThrow(
    "missing can't be run there: second line",
  );
});

test("of a body without end a MiB is read", async () => {
  const reach = { id: "x", addresses: ["127.0.0.1"], published: [] };
  const said = await tryGate(http("/endless", { contains: "y" }), reach, runtime, 60_000, AbortSignal.timeout(60_000));
  expect(said).toMatch(/: the first MiB of the answer does not hold "y"$/);
});

test("its time ends the try of a program that hangs", async () => {
  execs = 0;
  const [outcome] = await run({ kind: "exec", command: ["hangs"], timeoutSeconds: 1 });
  expect(outcome).toMatchObject({ passed: false, attempts: 1, said: "hangs: no end within 1 s" });
  expect(execs).toBe(1);
});

test("a program may take as long as its gate", async () => {
  const limits: number[] = [];
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    limits.push(ms);
    return new AbortController().signal;
  });
  const outer = new AbortController().signal;
  await run({ kind: "exec", command: ["true"], timeoutSeconds: 50 }, [], outer);
  await run({ kind: "exec", command: ["true"], timeoutSeconds: 366 * 86_400 }, [], outer);
  await run(http("/", { timeoutSeconds: 90 }), undefined, outer);
  timeout.mockRestore();
  // Whatever passed since the gate began is off.
  expect(limits.map((ms, i) => Math.ceil(ms / [5_000, 2 ** 31, 5_000][i]!))).toEqual([10, 1, 9]);
});

test("cancelling ends a gate that hangs", async () => {
  const cancel = new AbortController();
  const running = run(http("/hang", { timeoutSeconds: 60 }), ["127.0.0.1"], cancel.signal);
  await expect.poll(() => asked).toBe(1);
  cancel.abort(new Error("cancelled"));
  await expect(running).rejects.toThrow("cancelled");
});

test.for<[wanted: string, code: number, fits: boolean]>([
  ["", 200, true],
  ["", 399, true],
  ["", 400, false],
  ["2xx", 299, true],
  ["2xx", 300, false],
  ["200,404", 404, true],
  ["200-204", 205, false],
])("status %s holds %i: %s", ([wanted, code, fits]) => {
  expect(fitsStatus(wanted, code)).toBe(fits);
});

import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { noRedis, startRedis } from "../../tests/redis.ts";
import { hintPorts, speaks } from "./protocol-check.ts";

/** A listener that greets, and answers what it gets; the bytes it got. */
async function listener(greeting: Buffer | undefined, answer: Buffer | undefined) {
  const got: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (greeting !== undefined) socket.write(greeting);
    socket.on("data", (chunk: Buffer) => {
      got.push(chunk);
      if (answer !== undefined) socket.write(answer);
    });
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await expect.poll(() => server.listening).toBe(true);
  return { port: (server.address() as { port: number }).port, got };
}

const text = (value: string) => Buffer.from(value, "latin1");

// First bytes as real servers sent them.
test.each<
  [what: string, usual: number, greeting: Buffer | undefined, answer: Buffer | undefined, engine: string | undefined]
>([
  ["PostgreSQL without TLS", 5432, undefined, text("N"), "postgresql"],
  ["PostgreSQL with TLS", 5432, undefined, text("S"), "postgresql"],
  ["a web server on PostgreSQL's port", 5432, undefined, text("HTTP/1.1 400 Bad Request\r\n\r\n"), undefined],
  ["MySQL", 3306, text("\x4a\x00\x00\x00\x0a8.0.36\x00\x08\x00\x00\x00"), undefined, "mysql"],
  ["MariaDB", 3306, text("\x5a\x00\x00\x00\x0a5.5.5-10.11.6-MariaDB-0+deb12u1\x00"), undefined, "mariadb"],
  ["SSH on MySQL's port", 3306, text("SSH-2.0-OpenSSH_9.2p1\r\n"), undefined, undefined],
  ["Redis", 6379, undefined, text("+PONG\r\n"), "redis"],
  ["Redis with a password", 6379, undefined, text("-NOAUTH Authentication required.\r\n"), "redis"],
  ["something that echoes", 6379, undefined, text("PING\r\n"), undefined],
  [
    "MongoDB",
    27017,
    undefined,
    text("\xc5\x00\x00\x00\x01\x00\x00\x00ismaster\x00\x01\x10maxWireVersion\x00\x15\x00\x00\x00"),
    "mongodb",
  ],
  ["one that says nothing", 6379, undefined, undefined, undefined],
])("%s (%i)", async (_, usual, greeting, answer, engine) => {
  const { port } = await listener(greeting, answer);
  expect(await speaks("127.0.0.1", port, { usual, timeoutMs: 300 })).toBe(engine);
});

test.skipIf(noRedis !== undefined)(`a real Redis (${noRedis ?? "private redis-server"})`, async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.close("SIGKILL"));
  expect(await speaks("127.0.0.1", redis.port, { usual: 6379 })).toBe("redis");
  for (const usual of hintPorts.filter((port) => port !== 6379)) {
    expect(await speaks("127.0.0.1", redis.port, { usual, timeoutMs: 300 })).toBeUndefined();
  }
});

test("MongoDB is asked in whole messages of its protocol", async () => {
  const { port, got } = await listener(undefined, undefined);
  await speaks("127.0.0.1", port, { usual: 27017, timeoutMs: 200 });
  const message = Buffer.concat(got);
  expect(message.readInt32LE(0)).toBe(message.length);
  expect(message.readInt32LE(12)).toBe(2004);
});

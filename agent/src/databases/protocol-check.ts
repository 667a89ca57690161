import { connect } from "node:net";
import type { Engine } from "./probe.ts";

type Check = { hello?: Buffer; engine(answer: Buffer): Engine | undefined };

/** Of SSLRequest: the server answers one letter, and writes no line in its log when we leave then. */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

// OP_QUERY isMaster: answered without credentials by every version that still serves drivers.
const isMaster = Buffer.concat([
  Buffer.from("3a0000000100000000000000d407000000000000", "hex"),
  Buffer.from("admin.$cmd\0", "latin1"),
  Buffer.from("00000000ffffffff", "hex"),
  Buffer.from("1300000010", "hex"),
  Buffer.from("isMaster\0", "latin1"),
  Buffer.from("0100000000", "hex"),
]);

const checks: readonly { port: number; check: Check }[] = [
  {
    port: 5432,
    check: {
      hello: sslRequest,
      engine: (answer) =>
        answer.length === 1 && (answer[0] === 0x53 || answer[0] === 0x4e) ? "postgresql" : undefined,
    },
  },
  {
    port: 3306,
    // It speaks first: length, 0, protocol 10, version.
    check: {
      engine: (answer) => {
        if (answer[3] !== 0 || answer[4] !== 10) return undefined;
        return /mariadb/i.test(answer.toString("latin1", 5, 64)) ? "mariadb" : "mysql";
      },
    },
  },
  {
    port: 6379,
    check: {
      hello: Buffer.from("PING\r\n"),
      engine: (answer) =>
        /^(\+PONG|-NOAUTH|-DENIED|-LOADING|-MASTERDOWN)/.test(answer.toString("latin1")) ? "redis" : undefined,
    },
  },
  {
    port: 27017,
    check: {
      hello: isMaster,
      engine: (answer) => (answer.includes("maxWireVersion") ? "mongodb" : undefined),
    },
  },
];

/** Ports on which a process of another name is asked what it speaks. */
export const hintPorts: readonly number[] = checks.map(({ port }) => port);

/**
 * The engine that answers there in the protocol of that port, or of the `usual` one; undefined where something else does, or nobody
 * within the time. One connection, a few bytes, no credentials.
 */
export function speaks(
  host: string,
  port: number,
  { usual = port, timeoutMs = 1000 } = {},
): Promise<Engine | undefined> {
  const check = checks.find((one) => one.port === usual)?.check;
  if (check === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => done(undefined), timeoutMs);
    const done = (engine: Engine | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(engine);
    };
    let answer = Buffer.alloc(0);
    socket.on("connect", () => check.hello && socket.write(check.hello));
    socket.on("error", () => done(undefined));
    socket.on("close", () => done(undefined));
    socket.on("data", (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]).subarray(0, 1024);
      const engine = check.engine(answer);
      if (engine !== undefined || answer.length >= 1024) done(engine);
    });
  });
}

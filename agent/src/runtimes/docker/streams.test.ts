import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { PullProgress } from "../runtime.ts";
import { engineFailure, socketFailure } from "./failure.ts";
import { decodeLog } from "./log-lines.ts";
import { followPull } from "./pull-progress.ts";

function frame(stream: number, text: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test.for<[what: string, raw: Buffer, lines: string[]]>([
  ["frames of both streams", Buffer.concat([frame(1, "out\nmo"), frame(2, "re\n")]), ["out", "more"]],
  ["a terminal's plain text", Buffer.from("plain\r\ntext\r\n"), ["plain", "text"]],
  ["a frame cut off", frame(1, "whole line").subarray(0, 13), ["whole"]],
  ["nothing", Buffer.alloc(0), []],
])("a log of %s", ([, raw, lines]) => {
  expect(decodeLog(raw)).toEqual(lines);
});

async function pull(text: string): Promise<PullProgress[]> {
  const told: PullProgress[] = [];
  // Chunks end anywhere, not with the line.
  const chunks = text.match(/[\s\S]{1,7}/g) ?? [];
  await followPull(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), (progress) => told.push(progress));
  return told;
}

test("a pull's progress is the share of all bytes known so far", async () => {
  const lines = [
    { status: "Pulling from app", id: "2" },
    { status: "Downloading", id: "a", progressDetail: { current: 50, total: 100 } },
    { status: "Downloading", id: "b", progressDetail: { current: 0, total: 300 } },
    { status: "Pull complete", id: "b" },
    { status: "Status: Downloaded newer image" },
  ];
  const told = await pull(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(""));
  expect(told.map(({ percent }) => percent)).toEqual([-1, 50, 12.5, 87.5, 87.5]);
  expect(told.at(-1)?.message).toBe("Status: Downloaded newer image");
});

test("a pull that fails in its stream is an error", async () => {
  const failed = pull('{"status":"x"}\n{"errorDetail":{"message":"manifest\\nunknown"},"error":"manifest unknown"}\n');
  await expect(failed).rejects.toThrow(expect.objectContaining({ code: "refused", message: "manifest unknown" }));
});

const system = (code: string) => Object.assign(new Error(code), { code });

test.for<[code: string, kind: string, message: RegExp]>([
  ["ENOENT", "absent", /does not exist$/],
  ["EACCES", "forbidden", /run the agent as root or add its user to the socket's group/],
  ["ECONNREFUSED", "unreachable", /is dockerd running\?$/],
])("a socket that can't be reached: %s", ([code, kind, message]) => {
  const failure = socketFailure(system(code), "/run/x.sock");
  expect(failure.code).toBe(kind);
  expect(failure.message).toMatch(message);
  expect(failure.message).toContain("/run/x.sock");
});

test("what the engine says becomes one line", () => {
  const said = { statusCode: 409, json: { message: "name\nis taken " } };
  expect(engineFailure(said, "create web", "/s")).toMatchObject({
    code: "conflict",
    message: "can't create web: name is taken",
  });
  expect(engineFailure({ statusCode: 502, json: null }, "list", "/s").message).toBe("can't list: HTTP 502");
  const late = Object.assign(new Error("aborted"), { name: "AbortError", cause: { name: "TimeoutError" } });
  expect(engineFailure(late, "list", "/s")).toMatchObject({ code: "unreachable" });
});

import type { IncomingMessage } from "node:http";
import type Docker from "dockerode";
import { readBytes } from "./listed.ts";

type Callback = (error: unknown, answer?: unknown) => void;
type Dial = (request: { isStream?: boolean; openStdin?: boolean; hijack?: boolean }, callback: Callback) => void;
type BuildPayload = (
  error: unknown,
  isStream: boolean,
  statusCodes: Record<number, true | string>,
  openStdin: boolean,
  request: unknown,
  response: IncomingMessage,
  json: unknown,
  callback: Callback,
) => void;

const mostErrorBytes = 64 << 10;

/** Makes the library refuse answers of over `mostBytes`: by itself it keeps whatever it is sent. */
export function bound(docker: Docker, mostBytes: number): Docker {
  const modem = docker.modem as unknown as { dial: Dial; buildPayload: BuildPayload };
  const dial = modem.dial.bind(modem);
  const buildPayload = modem.buildPayload.bind(modem);
  modem.dial = (request, callback) => {
    if (request.isStream || request.openStdin || request.hijack) {
      dial(request, callback);
      return;
    }
    dial({ ...request, isStream: true }, (error, answer) => {
      if (error) callback(error);
      else whole(answer as IncomingMessage, mostBytes).then((value) => callback(null, value), callback);
    });
  };
  modem.buildPayload = (error, isStream, statusCodes, openStdin, request, response, json, callback) => {
    if (error || !isStream || statusCodes[response.statusCode ?? 0] === true) {
      buildPayload(error, isStream, statusCodes, openStdin, request, response, json, callback);
      return;
    }
    whole(response, mostErrorBytes).then(
      (said) => buildPayload(null, false, statusCodes, openStdin, request, response, said, callback),
      callback,
    );
  };
  return docker;
}

// As the library has it: JSON where it is some, else the bytes.
async function whole(answer: IncomingMessage, mostBytes: number): Promise<unknown> {
  try {
    const bytes = await readBytes(answer, mostBytes);
    try {
      return (JSON.parse(bytes.toString()) as unknown) || bytes;
    } catch {
      return bytes;
    }
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const unzip = promisify(gunzip);

/** No drive's output comes near it; a small packet that unpacks to more was made to harm. */
const mostBytes = 1024 * 1024;

/** The JSON that an agent sent in gzip, at most 1 MiB; `problem` says why there is none. */
export async function unpackRaw(packed: Buffer | undefined): Promise<{ json: unknown; problem: string }> {
  if (packed === undefined) return { json: null, problem: "" };
  let text: string;
  try {
    text = (await unzip(packed, { maxOutputLength: mostBytes })).toString("utf8");
  } catch (error) {
    const tooLarge = (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
    return { json: null, problem: tooLarge ? "is larger than 1 MiB" : "is damaged: it can't be unpacked" };
  }
  try {
    return { json: JSON.parse(text) as unknown, problem: "" };
  } catch {
    return { json: null, problem: "is damaged: it is not JSON" };
  }
}

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestApi, testApi } from "../../tests/api.ts";

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fairlead-page-"));
  mkdirSync(join(folder, "web/assets"), { recursive: true });
  mkdirSync(join(folder, "agent"));
  writeFileSync(join(folder, "web/index.html"), "<!doctype html>page");
  writeFileSync(join(folder, "web/icon.svg"), "<svg/>");
  writeFileSync(join(folder, "web/assets/main-abc123.js"), "code");
  writeFileSync(join(folder, "secret.txt"), "not to be seen");
  writeFileSync(join(folder, "install.sh"), "#!/bin/sh\n");
  writeFileSync(join(folder, "agent/fairlead-agent-linux-x64"), "binary");
  api = await testApi({
    webDir: join(folder, "web"),
    agentDir: join(folder, "agent"),
    installScript: join(folder, "install.sh"),
  });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const html = { accept: "text/html,*/*" };

describe("the page", () => {
  test.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ])("packed as %s for a browser that takes it", async (encoding, unpack) => {
    const answer = await api.app.request("/assets/main-abc123.js", { headers: { "accept-encoding": encoding } });
    expect(answer.headers.get("content-encoding")).toBe(encoding);
    expect(answer.headers.get("vary")).toBe("accept-encoding");
    expect(unpack(Buffer.from(await answer.arrayBuffer())).toString()).toBe("code");
    const etag = answer.headers.get("etag") ?? "";
    const again = { "accept-encoding": encoding, "if-none-match": etag };
    expect((await api.app.request("/assets/main-abc123.js", { headers: again })).status).toBe(304);
  });

  test.each([
    ["/", html, 200, "text/html; charset=utf-8", "no-cache", "<!doctype html>page"],
    ["/servers/1", html, 200, "text/html; charset=utf-8", "no-cache", "<!doctype html>page"],
    [
      "/assets/main-abc123.js",
      {},
      200,
      "text/javascript; charset=utf-8",
      "public, max-age=31536000, immutable",
      "code",
    ],
    ["/icon.svg", {}, 200, "image/svg+xml", "no-cache", "<svg/>"],
    ["/assets/gone.js", html, 404, "application/problem+json", "no-store", undefined],
    ["/servers/1", {}, 404, "application/problem+json", "no-store", undefined],
    ["/api/v1/nothing", html, 404, "application/problem+json", "no-store", undefined],
    ["/%2e%2e/secret.txt", {}, 404, "application/problem+json", "no-store", undefined],
    ["/assets/..%2f..%2fsecret.txt", {}, 404, "application/problem+json", "no-store", undefined],
    ["/%00", html, 404, "application/problem+json", "no-store", undefined],
    ["/%ff", html, 404, "application/problem+json", "no-store", undefined],
  ])("GET %s %o", async (path, headers, status, type, cache, body) => {
    const answer = await api.call("GET", path, { headers: headers as Record<string, string> });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("cache-control")).toBe(cache);
    if (body !== undefined) expect(answer.body).toBe(body);
    expect(JSON.stringify(answer.body)).not.toContain("not to be seen");
  });

  test("is not sent again while unchanged; HEAD has no body", async () => {
    const first = await api.call("GET", "/icon.svg");
    const etag = first.headers.get("etag")!;
    expect((await api.call("GET", "/icon.svg", { headers: { "if-none-match": etag } })).status).toBe(304);
    const head = await api.call("HEAD", "/icon.svg");
    expect(head.body).toBe("");
    expect(head.headers.get("content-length")).toBe("6");
  });
});

describe("install files", () => {
  test("the script, the binary and its checksum, computed again when the file changes", async () => {
    expect((await api.call("GET", "/install.sh")).body).toBe("#!/bin/sh\n");
    const path = "/download/agent/linux-x64";
    expect((await api.call("GET", path)).body).toBe("binary");
    const line = (text: string) => `${createHash("sha256").update(text).digest("hex")}  fairlead-agent-linux-x64\n`;
    expect((await api.call("GET", `${path}.sha256`)).body).toBe(line("binary"));
    writeFileSync(join(folder, "agent/fairlead-agent-linux-x64"), "newer!");
    utimesSync(join(folder, "agent/fairlead-agent-linux-x64"), 1, 1);
    expect((await api.call("GET", `${path}.sha256`)).body).toBe(line("newer!"));
  });

  test("the agent goes out compressed to who takes that, never that of an older build", async () => {
    const file = join(folder, "agent/fairlead-agent-linux-x64");
    writeFileSync(file, "built");
    const sum = createHash("sha256").update("built").digest("hex");
    const packed = `${file}.${sum.slice(0, 16)}.gz`;
    writeFileSync(packed, gzipSync("built"));
    const headers = { "accept-encoding": "deflate, gzip, br" };
    const get = () => api.app.request("/download/agent/linux-x64", { headers });
    const answer = await get();
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()).toBe("built");
    writeFileSync(file, "built again");
    const other = await get();
    expect(other.headers.get("content-encoding")).toBeNull();
    expect(await other.text()).toBe("built again");
  });

  test.each(["", ".sha256"])("what is not built is told with the remedy: arm64%s", async (suffix) => {
    const answer = await api.call("GET", `/download/agent/linux-arm64${suffix}`);
    expect(answer.status).toBe(404);
    expect(answer.body.detail).toContain("npm run build:agent");
  });
});

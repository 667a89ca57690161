import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Dockerd, noDockerd, startDockerd } from "../../agent/tests/dockerd.ts";
import { bundleAgent, execArgv } from "../../scripts/build-agent.ts";
import { type Agent, admin, World } from "./system/world.ts";

// Reads shell lines from a file in the container as they are appended: a test says what is written when.
const talker =
  'CMD ["/bin/busybox", "sh", "-c", "b() { /bin/busybox \\"$@\\"; }; trap \'exit 0\' TERM; echo up; while :; do ' +
  'if [ -e /data/say ]; then b mv /data/say /data/now; . /data/now; b rm /data/now; fi; b sleep 0.05; done"]';

type Line = { at: string; stream: string; text: string };
type Event = { name: string; data: unknown };

/** Logs from a real engine through the agent and the server to whoever reads. */
describe.skipIf(noDockerd !== undefined)(
  `logs of containers (${noDockerd ?? "real dockerd, agent and server"})`,
  () => {
    const readers = new Set<{ abort(): void }>();
    let engine: Dockerd;
    let world: World;
    let agent: Agent;
    let base: string;
    let token: string;

    beforeAll(async () => {
      engine = await startDockerd();
      await engine.image("local:talker", [talker, "VOLUME /data"]);
      for (const name of ["talker", "second"]) await (await create(name)).start();
      world = await World.start();
      agent = await world.addAgent({
        name: "box",
        dockerSocket: engine.socket,
        program: [...execArgv, await bundleAgent()],
      });
      base = world.url;
      token = await makeToken(base);
      await idOf("second");
    }, 120_000);

    afterEach(async () => {
      for (const reader of readers) reader.abort();
      readers.clear();
      await until(async () => (await openReaders()) === 0);
    });

    afterAll(async () => {
      for (const reader of readers) reader.abort();
      await world?.close();
      await engine?.close();
    });

    test("the tail as text, with both streams in order and hostile bytes as they are", async () => {
      await say(
        "talker",
        "echo one; b sleep 0.1; echo two >&2; b sleep 0.1; printf 'three \\033[31m red \\377 \\0 end\\n'; b sleep 0.1; echo four >&2",
      );
      const text = await until(async () => {
        const answer = await get(`${await logs("talker")}?tail=10`);
        const found = await answer.text();
        return found.includes("four") ? { answer, found } : undefined;
      });
      expect(text.answer.headers.get("content-type")).toContain("text/plain");
      expect(text.answer.headers.get("content-disposition")).toContain("talker.log");
      const lines = text.found.trimEnd().split("\n").slice(-4);
      expect(lines.map((line) => line.slice(line.indexOf(" ") + 1))).toEqual([
        "one",
        "two",
        "three \u001b[31m red \ufffd \0 end",
        "four",
      ]);
      const filtered = await (await get(`${await logs("talker")}?tail=10&stream=stderr&q=FOU`)).text();
      expect(filtered.trimEnd().split("\n")).toEqual([expect.stringMatching(/Z four$/)]);
    }, 60_000);

    test("a follower sees lines as they are written, over a restart and a replacement, until it is removed", async () => {
      const seen = await follow("second", "tail=5");
      await seen.line("up");
      await say("second", "echo before; echo error >&2");
      expect(await seen.line("error")).toMatchObject({ stream: "stderr", text: "error" });
      await engine.docker.getContainer("second").restart({ t: 1 });
      await until(async () => seen.lines.filter(({ text }) => text === "up").length === 2);
      await say("second", "echo after");
      await seen.line("after");
      expect(seen.lines.filter(({ text }) => text === "before").length).toBe(1);

      const { Id } = await engine.docker.getContainer("second").inspect();
      const old = engine.docker.getContainer(Id);
      await old.rename({ name: "second-old" });
      const fresh = await create("second");
      await old.stop({ t: 1 });
      await fresh.start();
      await old.remove();
      await until(async () => seen.lines.filter(({ text }) => text === "up").length === 3);
      await fresh.remove({ force: true });
      expect(await seen.end()).toBe("the container was removed");
    }, 60_000);

    test("a flood and a reader that does not read: reports go on, memory stays, what was left out is counted", async () => {
      const values = await counted(`/api/v1/live?server=${agent.serverId}`, "values");
      const reader = await follow("talker", "tail=1");
      // What is written before the engine has begun to read for it is none of its lines.
      await say("talker", "echo the log is open");
      await reader.line("the log is open");
      const sleeper = await stuck(`/api/v1/${await logs("talker")}?tail=1&follow=true`);
      const flood = async (lines: number, end: string) => {
        await say("talker", `/bin/busybox seq 1 ${lines}; echo ${end}`);
        await reader.line(end, 90_000);
        return privateBytes(agent.process.pid);
      };
      // The first ones show how much garbage is let lie; a queue would go on growing.
      await flood(15_000, "first flood over");
      const second = await flood(15_000, "second flood over");
      const before = values.count();
      const third = await flood(30_000, "flood over");
      expect(reader.lines.filter(({ text }) => /^\d+$/.test(text)).length + reader.skipped()).toBe(60_000);
      await until(async () => values.count() > before);
      expect(third - second).toBeLessThan(30 << 20);
      sleeper.destroy();
      reader.stop();
      values.stop();
      await until(async () => (await openReaders()) === 0);
    }, 300_000);

    test("no line of a log is in our own, and its reading is audited once", async () => {
      const said = ["server", "box"].map((name) => readFileSync(join(world.folder, `${name}.log`), "utf8")).join("");
      expect(said).not.toContain("[31m");
      expect(said).not.toContain("flood over");
      const { items } = await json<{ items: { action: string; detail: { container: string } }[] }>("audit");
      const reads = items.filter(({ action, detail }) => action === "container.logs" && detail.container === "talker");
      expect(reads.length).toBe(1);
    });

    test("eight at once, the ninth is told", async () => {
      const path = await logs("talker");
      const eight = await Promise.all(Array.from({ length: 8 }, () => follow("talker", "tail=1")));
      for (const one of eight) await until(async () => one.lines.length > 0);
      const ninth = await get(`${path}?follow=true`);
      expect(ninth.status).toBe(429);
      expect(((await ninth.json()) as { detail: string }).detail).toMatch(/close one of them/);
      for (const one of eight) one.stop();
      await until(async () => (await openReaders()) === 0);
    }, 60_000);

    test("a container without a readable log is a problem, not an empty log", async () => {
      const made = await create("silent", { LogConfig: { Type: "none" } });
      await made.start();
      const answer = await get(`${await logs("silent")}?tail=5`);
      expect(answer.status).toBe(409);
      expect(((await answer.json()) as { detail: string }).detail).toMatch(/log/);
    }, 60_000);

    test("the agent is killed in the middle: the reader hears why, a new one when it can be read again", async () => {
      const reader = await follow("talker", "tail=1");
      await until(async () => reader.lines.length > 0);
      agent.process.kill();
      expect(await reader.end()).toBe("the agent's connection broke off");
      const away = await get(await logs("talker"));
      expect([200, 503]).toContain(away.status);
      if (away.status === 503) expect(await away.text()).toMatch(/is not connected.*systemctl status fairlead-agent/);
      const back = await until(async () => {
        const answer = await get(`${await logs("talker")}?tail=3`);
        return answer.ok ? answer.text() : undefined;
      });
      expect(back).toContain("flood over");
    }, 60_000);

    async function create(name: string, host: Record<string, unknown> = {}) {
      return engine.docker.createContainer({
        name,
        Image: "local:talker",
        HostConfig: { NetworkMode: "none", ...host },
      } as never);
    }

    async function say(name: string, script: string): Promise<void> {
      const made = await engine.docker.getContainer(name).exec({
        Cmd: [
          "/bin/busybox",
          "sh",
          "-c",
          'printf "%s" "$1" > /data/next; /bin/busybox mv /data/next /data/say',
          "-",
          script,
        ],
        AttachStdout: true,
      });
      const stream = await made.start({});
      for await (const _ of stream);
    }

    async function idOf(name: string): Promise<number> {
      const found = await until(async () => {
        const { items } = await json<{ items: { id: number; name: string }[] }>("containers");
        return items.find((c) => c.name === name);
      });
      return found.id;
    }

    async function logs(name: string): Promise<string> {
      return `containers/${await idOf(name)}/logs`;
    }

    function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
      return fetch(`${base}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
    }

    async function json<T>(path: string): Promise<T> {
      const answer = await get(path);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text) as T;
    }

    async function follow(name: string, query: string) {
      const stop = new AbortController();
      readers.add(stop);
      const lines: Line[] = [];
      let skipped = 0;
      let ended: string | undefined;
      const answer = await fetch(`${base}/api/v1/${await logs(name)}?follow=true&${query}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: stop.signal,
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      void readEvents(answer, ({ name: event, data }) => {
        if (event === "line") lines.push(...(data as Line[]));
        if (event === "skipped") skipped += (data as { lines: number }).lines;
        if (event === "end") ended = (data as { reason: string }).reason;
      });
      return {
        lines,
        skipped: () => skipped,
        line: (text: string, ms?: number) => until(async () => lines.find((line) => line.text === text), ms),
        end: () => until(async () => ended),
        stop: () => stop.abort(),
      };
    }

    /** How many events of that name came. */
    async function counted(path: string, name: string) {
      const stop = new AbortController();
      readers.add(stop);
      let seen = 0;
      const answer = await fetch(`${base}${path}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: stop.signal,
      });
      void readEvents(answer, (event) => {
        if (event.name === name) seen++;
      });
      return {
        count: () => seen,
        stop: () => stop.abort(),
      };
    }

    /** A client that reads nothing of the answer. */
    async function stuck(path: string): Promise<IncomingMessage> {
      const asked = request(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
      asked.end();
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      answer.pause();
      readers.add({ abort: () => answer.destroy() });
      answer.on("error", () => {});
      return answer;
    }

    async function openReaders(): Promise<number> {
      const text = await (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
      return Number(/^fairlead_log_readers (\d+)/m.exec(text)?.[1] ?? -1);
    }
  },
);

function privateBytes(pid: number): number {
  const kib = /^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Number(kib) * 1024;
}

async function readEvents(answer: Response, onEvent: (event: Event) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const name = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (name !== undefined && data !== undefined) onEvent({ name, data: JSON.parse(data) });
      }
    }
  } catch {
    // Ended by the test.
  }
}

async function makeToken(base: string): Promise<string> {
  const post = (path: string, body: unknown, cookie = "") =>
    fetch(`${base}/api/v1/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify(body),
    });
  const login = await post("login", admin);
  const made = await post("tokens", { name: "logs", expiresInDays: 1 }, login.headers.get("set-cookie")?.split(";")[0]);
  return ((await made.json()) as { token: string }).token;
}

async function until<T>(probe: () => Promise<T | undefined | false>, patienceMs = 30_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`did not happen within ${patienceMs / 1000} s: ${probe}`);
    await delay(50);
  }
}

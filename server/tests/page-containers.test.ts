import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { catalogue, type KindName } from "../../shared/catalogue.ts";
import { addCommandEvents } from "../src/db/queries/commands.ts";
import type { LogPart } from "../src/stream/log-streams.ts";
import { makeUser, type TestApi, testApi, testPassword } from "./api.ts";
import { addServer, servePage } from "./page-fixture.ts";

const executablePath = "/usr/bin/chromium";
/** A folder for pictures of what the tests see, for whoever wants to look. */
const shots = process.env.FAIRLEAD_SHOTS;

describe.skipIf(!existsSync(executablePath))("the page of containers, in Chromium", () => {
  let api: TestApi;
  let base: string;
  let stop: () => Promise<void>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let server: string;
  let container: number;
  let log: ReturnType<typeof feed>;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { folder } = await buildWeb();
    api = await testApi({ webDir: folder });
    ({ base, stop } = await servePage(api));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    await makeUser(api.context, "ops@test.example", "operator");
    await makeUser(api.context, "looker@test.example", "viewer");
    server = (await addServer(api, "box-1", { containers: ["web", "db"] })).id;
    await api.context.db
      .updateTable("server")
      .set({ capabilities: ["container.logs"], connected_at: new Date() })
      .where("id", "=", server)
      .execute();
    const { body } = await api.call("GET", "/api/v1/containers?q=web", { token: await api.token("viewer") });
    container = body.items[0].id;
    await addHoldings();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await api?.close();
  });
  beforeEach(async () => {
    log = feed();
    api.logReads.read = log.read;
    await open(1280, "light");
  });
  afterEach(async () => {
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(width: number, colorScheme: "light" | "dark", email = "ops@test.example"): Promise<void> {
    await context?.close();
    context = await browser.newContext({ baseURL: base, viewport: { width, height: 900 }, colorScheme });
    await context.request.post(`${base}/api/v1/auth/login`, { data: { email, password: testPassword } });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of (40[0139]|503)|ERR_NETWORK_CHANGED/.test(message.text()))
        complaints.push(message.text());
    });
  }

  async function picture(name: string): Promise<void> {
    if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
  }

  test("a log: lines as they come, both streams, hostile bytes as text, a filter", async () => {
    await page.goto(`/containers/${container}?tab=logs`);
    log.lines(["first", "<b>bold</b>", "\u001b[31mred\u001b[0m \u0007"], "stdout");
    log.lines(["broken"], "stderr");
    const lines = page.getByRole("log");
    await lines.getByText("<b>bold</b>").waitFor();
    await lines.getByText("red ␇").waitFor();
    await lines.getByText("stderr: broken").waitFor();
    log.skip(12_345);
    await page.getByText("12,345 lines left out").waitFor();
    log.lines(["later"], "stdout");
    await lines.getByText("later").waitFor();
    await picture("log-light");
    await page.getByLabel("Filter lines").fill("BROK");
    await expect.poll(() => lines.getByText("first").count()).toBe(0);
    await page.getByText("2 of 6 lines").waitFor();
    await page.getByLabel("Filter lines").fill("not there");
    await expect.poll(() => lines.getByText("broken").count()).toBe(0);
    const href = await page.getByRole("link", { name: "Download" }).getAttribute("href");
    expect(href).toBe(`/api/v1/containers/${container}/logs?tail=10000&q=not+there`);
    log.end("the container was removed");
    await page.getByText("Ended: the container was removed").waitFor();
  });

  test("of fifty thousand lines only those in view are drawn; scrolling up holds still while more come", async () => {
    await page.goto(`/containers/${container}?tab=logs`);
    for (let i = 0; i < 50; i++) log.lines(Array.from({ length: 1_000 }, (_, n) => `line ${i * 1_000 + n} of a flood`));
    await page.getByText("50,000 lines").waitFor();
    const lines = page.getByRole("log");
    await lines.getByText("line 49999 of a flood").waitFor();
    expect(await lines.locator("p").count()).toBeLessThan(200);
    await lines.evaluate((element) => element.scrollBy(0, -400_000));
    await page.getByRole("button", { name: "To the end" }).waitFor();
    const seen = await lines.locator("p").nth(25).textContent();
    log.lines(["one more", "and another"]);
    await page.getByRole("button", { name: "2 new lines" }).waitFor();
    expect(await lines.locator("p").nth(25).textContent()).toBe(seen);
    await picture("log-held");
    // What keeps scrolling smooth: a frame draws what is in view, however many lines there are, and shows it at once.
    const drawn = await page.evaluate(`(async () => {
      const element = document.querySelector("[role=log]");
      const frames = [];
      for (let i = 0; i < 40; i++) {
        element.scrollBy(0, -2000);
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        const box = element.getBoundingClientRect();
        const seen = document.elementFromPoint(box.left + 40, box.top + box.height / 2)?.closest("p");
        frames.push({ lines: element.querySelectorAll("p").length, blank: seen === null || seen === undefined });
      }
      return frames;
    })()`);
    for (const frame of drawn as { lines: number; blank: boolean }[]) {
      expect(frame.lines).toBeLessThan(200);
      expect(frame.blank).toBe(false);
    }
    await page.getByRole("button", { name: "2 new lines" }).click();
    await lines.getByText("and another").waitFor();
    await page.getByRole("button", { name: "Wrap" }).click();
    await lines.getByText("and another").waitFor();
  }, 60_000);

  test("an agent that is away, a log that can't be read, a viewer", async () => {
    api.connected.delete(server);
    await api.context.db.updateTable("server").set({ connected_at: null }).where("id", "=", server).execute();
    await page.goto(`/containers/${container}?tab=logs`);
    await page.getByText("The agent is offline").waitFor();
    await page.getByText("systemctl status fairlead-agent").waitFor();
    await picture("log-offline");
    api.connected.add(server);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Nothing has been written yet").waitFor();
    log.end("its log driver can't be read");
    await page.getByText("its log driver can't be read").waitFor();
    await open(390, "dark", "looker@test.example");
    await page.goto(`/containers/${container}?tab=logs`);
    await page.getByText("Logs need the role operator").waitFor();
    expect(await page.getByRole("button", { name: "Update" }).count()).toBe(0);
  });

  test("every action asks with the container's name before it is sent", async () => {
    await page.goto(`/containers/${container}`);
    for (const [item, button, type] of [
      ["Restart", "Restart", "container.restart"],
      ["Pause", "Pause", "container.pause"],
      ["Kill", "Kill", "container.kill"],
      ["Remove", "Remove", "container.remove"],
    ] as const) {
      await page.getByRole("button", { name: "Actions on web" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      const dialog = page.getByRole("alertdialog");
      await dialog.getByRole("heading", { name: `${item} web?` }).waitFor();
      await dialog.getByRole("button", { name: button }).click();
      await page.getByText("the command goes on").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
      expect((await newest()).type).toBe(type);
    }
    expect((await newest()).args).toEqual({ container: "web", force: true, volumes: false });
  });

  test("an update: plan, what speaks against it, its reason, the result, its history, the way back", async () => {
    await page.goto(`/containers/${container}`);
    await page.getByRole("button", { name: "Update" }).click();
    await page.getByLabel("Image").fill("registry.test/web:2");
    await page.getByRole("button", { name: "Add a gate" }).click();
    await page.getByLabel("Port").fill("8080");
    await page.getByLabel("Path").fill("/healthz");
    await page.getByLabel("Back up before").check();
    await picture("update-form");
    await page.getByRole("button", { name: "Show the plan" }).click();
    await expect.poll(async () => (await newest()).args.dryRun).toBe(true);
    expect((await newest()).args).toMatchObject({
      image: "registry.test/web:2",
      gates: [{ http: { port: 8080, path: "/healthz" } }],
      backup: { volumes: true, dump: false },
    });
    await finish("succeeded", planned);
    await page.getByText("Swap the names").waitFor();
    await page.getByText("web is labelled fairlead.update=never").waitFor();
    await page.getByRole("list", { name: "What changes" }).getByText("/srv/new").waitFor();
    await page.getByRole("list", { name: "Written into compose files" }).getByText("/srv/shop/.env:3").waitFor();
    await page.getByRole("region", { name: "Notes" }).getByText("makes web anew once").scrollIntoViewIfNeeded();
    await picture("update-plan");
    const run = page.getByRole("button", { name: "Update all the same" });
    expect(await run.isDisabled()).toBe(true);
    await page.getByLabel("Why it is to be done").fill("agreed with the team");
    await run.click();
    await page.getByText("the command goes on").waitFor();
    const sent = await newest();
    await tell("accepted", "", "waits for its turn: 2 others are at work on docker");
    await page.getByText("Waits for its turn: 2 others").waitFor();
    await tell("running", "create", "the engine does not answer, trying again");
    await page.getByText("the engine does not answer, trying again").waitFor();
    await picture("update-waits");
    expect(sent.args).toMatchObject({ forceReason: "agreed with the team" });
    expect(sent.args.dryRun).toBeUndefined();
    await finish("succeeded", done);
    await page.getByText("340 ms").waitFor();
    await page.getByRole("list", { name: "Written into compose files" }).getByText("/srv/shop/.env:3").waitFor();
    await page.getByRole("region", { name: "Notes" }).getByText("the old image is not kept").waitFor();
    await picture("update-done");
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

    await page.getByRole("tab", { name: "Updates" }).click();
    const row = page.getByRole("row").filter({ hasText: "web:1 → web:2" });
    await row.getByText("forced: agreed with the team").waitFor();
    await row.getByRole("button", { name: "Result of Update web" }).click();
    await page.getByRole("list", { name: "Written into compose files" }).getByText("/srv/shop/.env:3").waitFor();
    await picture("updates");
    await row.getByRole("button", { name: "Roll back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    await expect.poll(async () => (await newest()).type).toBe("container.rollback");
    expect((await newest()).args).toEqual({ container: "web", update: sent.id });
    await finish("rolled_back", undone);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Its data are as the new container left them.").waitFor();
    await dialog.getByText("containers restore 20261123-web --overwrite-volumes").waitFor();
    await dialog.getByText("docker start web").waitFor();
    await dialog.getByText("Last lines of the new container").click();
    await dialog.getByText("no such table: facts").waitFor();
    await picture("update-undone");
  }, 40_000);

  test("a compose project: its services with their images, the plan first, then all of it as one", async () => {
    await page.goto(`/servers/${server}?tab=containers&part=projects`);
    await page.getByRole("button", { name: "Update project" }).click();
    const dialog = page.getByRole("dialog", { name: "Update project shop" });
    await dialog.getByText("worker, 2 containers").waitFor();
    await dialog.getByRole("textbox", { name: "api" }).fill("registry.test/shop/api:2");
    await dialog.getByText("Now: registry.test/shop/api:1").waitFor();
    await dialog.getByLabel("Update worker").uncheck();
    await dialog.getByLabel("Must run for, seconds").fill("30");
    await dialog.getByLabel("Back up before").check();
    await picture("project-form");
    await dialog.getByRole("button", { name: "Show the plan" }).click();
    await expect.poll(async () => (await newest()).type).toBe("project.update");
    const args = {
      project: "shop",
      images: { api: "registry.test/shop/api:2", cache: "registry.test/shop/cache:1" },
      stableSeconds: 30,
      backup: { volumes: true, dump: false },
    };
    expect((await newest()).args).toEqual({ ...args, dryRun: true });
    await finish("succeeded", { ...planned, guards: [] });
    await dialog.getByText("Swap the names").waitFor();
    await picture("project-plan");
    await dialog.getByRole("button", { name: "Back" }).click();
    expect(await dialog.getByRole("textbox", { name: "api" }).inputValue()).toBe("registry.test/shop/api:2");
    const before = (await newest()).id;
    await dialog.getByRole("button", { name: "Show the plan" }).click();
    await expect.poll(async () => (await newest()).id).not.toBe(before);
    await finish("succeeded", { ...planned, guards: [] });
    await dialog.getByRole("button", { name: "Run this update" }).click();
    await page.getByText("the command goes on").waitFor();
    expect((await newest()).args).toEqual(args);
    await finish("succeeded", {
      downtimeMs: 900,
      fromImage: "registry.test/shop/api:1",
      toImage: "registry.test/shop/api:2",
      containers: [
        {
          name: "shop-api-1",
          role: "target",
          fromImage: "registry.test/shop/api:1",
          toImage: "registry.test/shop/api:2",
        },
        { name: "shop-cache-1", role: "target", fromImage: "cache@1", toImage: "cache@2" },
      ],
    });
    await page.getByText("cache@1 → cache@2").waitFor();
    await picture("project-done");
  }, 40_000);

  test("a container leads to its server, image, project, volumes, backups and updates, and back", async () => {
    await page.goto(`/containers/${container}`);
    const belongings = page.locator("section").filter({ hasText: "What belongs to it" });
    await belongings.getByRole("link", { name: "web-data" }).click();
    await expect.poll(() => page.getByLabel("Search volumes").inputValue()).toBe("web-data");
    await page.getByRole("link", { name: "web", exact: true }).click();
    await page.getByRole("heading", { name: "web", exact: true }).waitFor();
    await belongings.getByText("registry.test/web:1").click();
    await page.getByRole("table", { name: "images" }).getByText("registry.test/web:1").waitFor();
    expect(await page.getByRole("row").count()).toBe(2);
    await page.goBack();
    await belongings.getByRole("link", { name: "1", exact: true }).click();
    await page.getByText("20261123-web").waitFor();
  });

  test("a dialog takes the focus, keeps it, and gives it back at Esc", async () => {
    await page.goto(`/containers/${container}`);
    await page.getByRole("button", { name: "Update" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Image").waitFor();
    const inside = () => page.evaluate("document.querySelector('[role=dialog]')?.contains(document.activeElement)");
    for (let i = 0; i < 24; i++) {
      await page.keyboard.press("Tab");
      expect(await inside()).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.count()).toBe(0);
    const focused = () =>
      page.evaluate("document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent");
    await expect.poll(focused).toBe("Update");
    // From a menu, which is gone by then, to its button.
    await page.getByRole("button", { name: "Actions on web" }).press("Enter");
    await page.getByRole("menuitem", { name: "Back up" }).press("Enter");
    await page.getByRole("dialog", { name: "Back up web" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Actions on web");
  });

  test("containers sort by what is clicked, and the address keeps it", async () => {
    await page.goto("/containers?q=box-1");
    const names = () => page.locator("tbody tr td:first-child a").allTextContents();
    await expect.poll(async () => (await names())[0]).toBe("db");
    await page.getByRole("button", { name: "Container" }).click();
    await page.getByRole("button", { name: "Container" }).click();
    await expect.poll(async () => (await names())[0]).toBe("web");
    await page.reload();
    await expect.poll(async () => (await names())[0]).toBe("web");
    await page.getByRole("button", { name: "Charts of web", exact: true }).click();
    await page.getByRole("navigation", { name: "More of web" }).waitFor();
  });

  test("images, volumes, networks and backups of a server: what is unused, how it is cleaned up", async () => {
    await page.goto(`/servers/${server}?tab=containers`);
    await page.getByText("docker 28.0").waitFor();
    await page.getByRole("button", { name: "Images" }).click();
    await page.getByText(/2 images, \S+ \S+; 1 unused, \S+ \S+/).waitFor();
    await picture("images");
    await page.getByLabel("Unused only").check();
    await expect.poll(() => page.getByText("registry.test/web:1").count()).toBe(0);
    await page.getByRole("button", { name: "Clean up" }).click();
    await page.getByRole("menuitem", { name: "Prune unused images" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove them" }).click();
    await expect.poll(async () => (await newest()).args).toEqual({ runtime: "docker", scope: "unused-images" });
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Pull" }).click();
    await page.getByRole("textbox", { name: "Image" }).fill("registry.test/new:1");
    await page.getByRole("dialog").getByRole("button", { name: "Pull" }).click();
    await expect.poll(async () => (await newest()).type).toBe("image.pull");
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Volumes" }).click();
    await page.getByText("web-data").waitFor();
    await picture("volumes");
    await page.getByRole("button", { name: "Networks" }).click();
    await page.getByText("172.20.0.0/16").waitFor();
    await page.getByRole("button", { name: "Backups" }).click();
    await page.getByRole("button", { name: "Actions on 20261123-web" }).click();
    await picture("backups");
    await page.getByRole("menuitem", { name: "Restore" }).click();
    await page.getByLabel("Name of the container").fill("web-again");
    await page.getByRole("button", { name: "Make web-again" }).click();
    await expect.poll(async () => (await newest()).args).toEqual({ backup: "20261123-web", name: "web-again" });
  }, 40_000);

  test.each([
    [390, "light"],
    [390, "dark"],
    [1280, "dark"],
  ] as const)("fits %i px, %s", async (width, scheme) => {
    await open(width, scheme);
    const wide = async (name: string) => {
      await picture(`${name}-${scheme}-${width}`);
      const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(over, name).toBeLessThanOrEqual(0);
    };
    await page.goto(`/containers/${container}?tab=logs`);
    log.lines(["GET /a/very/long/path/that/goes/on/and/on?with=parameters&of=all&sorts=of&things HTTP/1.1 200"]);
    log.lines(["could not connect to the database: connection refused"], "stderr");
    await page.getByRole("log").getByText("connection refused").waitFor();
    await wide("log");
    await page.getByRole("tab", { name: "Updates" }).click();
    await page.getByRole("table", { name: "Updates" }).waitFor();
    await wide("updates");
    await page.getByRole("button", { name: "Result of Roll back web" }).first().click();
    await page.getByText("Its data are as the new container left them.").waitFor();
    await wide("updates-result");
    await page.getByRole("tab", { name: "Backups" }).click();
    await page.getByText("20261123-web").waitFor();
    await wide("backups");
    await page.getByRole("button", { name: "Update" }).click();
    await page.getByRole("button", { name: "Add a gate" }).click();
    await wide("form");
    await page.goto(`/servers/${server}?tab=containers`);
    await page.getByRole("button", { name: "Images" }).click();
    await page.getByText("2 images").waitFor();
    await wide("images");
    // Its heading has room beside the search, or a line of its own.
    const heading = await page.getByRole("heading", { name: "2 images" }).boundingBox();
    expect(heading?.width).toBeGreaterThan(140);
  });

  type Row = { id: string; type: string; args: Record<string, unknown> };

  async function newest(): Promise<Row> {
    const { body } = await api.call("GET", "/api/v1/commands?limit=1", { token: await api.token("viewer") });
    return body.items[0];
  }

  /** Tells of the newest command as its agent would. */
  async function tell(status: "accepted" | "running", phase: string, message: string): Promise<void> {
    const { id } = await newest();
    await api.context.db.updateTable("command").set({ status }).where("id", "=", id).execute();
    const event = { at: new Date(), status, phase, message, percent: null };
    await addCommandEvents(api.context.db, id, [event]);
    api.bus.emit("command", { serverId: server, commandId: id, status, phase, message, percent: null });
  }

  /** Ends the newest command as its agent would. */
  async function finish(status: "succeeded" | "rolled_back", output: object): Promise<void> {
    const { id } = await newest();
    await api.context.db
      .updateTable("command")
      .set({ status, output: JSON.stringify(output), finished_at: new Date() })
      .where("id", "=", id)
      .execute();
    const event = { serverId: server, commandId: id, status, phase: "", message: "", percent: null };
    api.bus.emit("command", event);
  }

  async function addHoldings(): Promise<void> {
    const add = async (
      kind: KindName,
      key: string,
      state: string,
      attributes: object,
      values: Record<string, number>,
    ) => {
      const { id } = await api.context.db
        .insertInto("resource")
        .values({
          server_id: server,
          kind,
          key,
          state,
          labels: JSON.stringify({ runtime: "docker" }),
          attributes: JSON.stringify(attributes),
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      const row = catalogue[kind].metrics.map(({ name }) => values[name] ?? Number.NaN);
      api.newest.set(id, { at: Date.now(), values: Float32Array.from(row) });
    };
    for (const [name, service] of [
      ["shop-api-1", "api"],
      ["shop-cache-1", "cache"],
      ["shop-worker-1", "worker"],
      ["shop-worker-2", "worker"],
    ]) {
      const image = `registry.test/shop/${service}:1`;
      await add("container", name as string, "running", { image, composeProject: "shop", composeService: service }, {});
    }
    const made = new Date(Date.now() - 86_400_000 * 3).toISOString();
    await add(
      "runtime",
      "docker",
      "up",
      { engine: "28.0", api: "1.51" },
      { images_bytes: 3e8, build_cache_bytes: 5e7 },
    );
    const image = { tags: ["registry.test/web:1"], digests: [], createdAt: made, containers: ["web"] };
    await add("image", "sha256:aaaa", "used", { ...image, id: "sha256:aaaa" }, { size_bytes: 2e8, containers: 1 });
    const dangling = { id: "sha256:bbbbbbbbbbbbbbbb", tags: [], digests: [], createdAt: made, containers: [] };
    await add("image", "sha256:bbbbbbbbbbbbbbbb", "dangling", dangling, { size_bytes: 1e8, containers: 0 });
    const volume = { name: "web-data", driver: "local", createdAt: made, containers: ["web"], anonymous: false };
    await add("volume", "web-data", "used", volume, { size_bytes: 4e7, containers: 1 });
    const network = { name: "front", driver: "bridge", subnets: ["172.20.0.0/16"], containers: ["web"] };
    await add("network", "front", "used", network, { containers: 1 });
    const backup = {
      container: "web",
      runtime: "docker",
      created: Date.now() - 3_600_000,
      expires: Date.now() + 86_400_000 * 7,
      reason: "container.update",
      files: [{ name: "v.tar.zst", what: "volume", source: "web-data" }],
    };
    await add("backup", "20261123-web", "complete", backup, { size_bytes: 1.2e7 });
  }
});

const member = { name: "web", role: "target", fromImage: "registry.test/web:1", toImage: "registry.test/web:2" };
const guards = [
  { code: "label_never", container: "web", message: "web is labelled fairlead.update=never", forcible: true },
];
const edit = {
  containers: ["web"],
  service: "web",
  file: "/srv/shop/.env",
  line: 3,
  variable: "WEB_TAG",
  from: "1",
  to: "2",
};
const planned = {
  dryRun: true,
  changed: false,
  fromImage: member.fromImage,
  toImage: member.toImage,
  downtimeMs: 0,
  guards,
  plan: {
    steps: ["create", "backup", "rename", "stop", "start", "gate", "commit"],
    keepImageSeconds: 604_800,
    unchanged: [],
    composeFiles: [edit],
    warnings: [
      'the next "docker compose up" makes web anew once, with the same image: it differs from its compose file in more than the image',
    ],
    containers: [
      {
        ...member,
        running: true,
        gates: [{ kind: "http", port: 8080, path: "/healthz", timeoutSeconds: 60 }],
        create: { Image: "registry.test/web:2", Env: ["A=1"] },
        difference: {
          changes: [
            { field: "env", name: "APP_VERSION", from: "1", to: "2" },
            { field: "volume", name: "/srv/new", to: true },
          ],
          sizeBytes: { from: 2e8, to: 2.2e8 },
        },
        stays: { volumes: ["web-data:/data"], binds: [], networks: ["front"], restartPolicy: "always" },
      },
      { name: "sidecar", role: "recreate", fromImage: "s:1", toImage: "s:1", because: [{ to: "web", by: "network" }] },
    ],
  },
};
const done = {
  fromImage: member.fromImage,
  toImage: member.toImage,
  downtimeMs: 340,
  containers: [member],
  gates: [{ gate: "HTTP :8080/healthz", passed: true, attempts: 3, ms: 900, said: "200 OK", container: "web" }],
  backups: { web: "20261123-web" },
  guards,
  forceReason: "agreed with the team",
  composeFiles: [{ ...edit, changed: true }],
  warning: "the old image is not kept for a roll-back: no space left on device",
};
const undone = {
  fromImage: member.toImage,
  toImage: member.fromImage,
  downtimeMs: 1_200,
  containers: [member],
  logs: ["starting", "no such table: facts"],
  data: {
    state: "kept",
    text: "",
    saved: {
      web: {
        backup: "20261123-web",
        command: "fairlead-agent containers restore 20261123-web --overwrite-volumes",
      },
    },
  },
  leftovers: [
    {
      container: "web",
      name: "web-fairlead-old-1",
      state: "exited",
      commands: ["docker rename web-fairlead-old-1 web", "docker start web"],
    },
  ],
};

/** A log whose reader gets what the test says. */
function feed() {
  const parts: LogPart[] = [];
  let wake = () => {};
  let at = Date.parse("2026-11-23T09:00:00Z");
  const push = (part: LogPart) => {
    parts.push(part);
    wake();
  };
  return {
    lines(texts: string[], stream: "stdout" | "stderr" = "stdout") {
      const lines = texts.map((text) => ({ at: new Date(at++).toISOString(), stream, text }));
      push({ lines, skipped: 0 });
    },
    skip: (skipped: number) => push({ lines: [], skipped }),
    end: (end: string) => push({ lines: [], skipped: 0, end }),
    async *read(_id: string, _request: unknown, signal: AbortSignal): AsyncGenerator<LogPart> {
      signal.addEventListener("abort", () => wake());
      while (!signal.aborted) {
        const part = parts.shift();
        if (part !== undefined) {
          yield part;
          if (part.end !== undefined) return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}

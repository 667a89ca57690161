import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { catalogue } from "../../shared/catalogue.ts";
import { makeUser, type TestApi, testApi, testPassword } from "./api.ts";
import { addDatabase, down, locked, mariadb, minio, postgresql, redis } from "./database-fixture.ts";
import { openBox } from "./open-box.ts";
import { addServer, servePage } from "./page-fixture.ts";

/** A folder for pictures of what the tests see, for whoever wants to look. */
const shots = process.env.FAIRLEAD_SHOTS;
const executablePath = "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

describe.skipIf(!existsSync(executablePath))("databases on the page, in Chromium", () => {
  let api: TestApi;
  let base: string;
  let stop: () => Promise<void>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let serverId: string;
  const ids: Record<string, number> = {};
  const agent = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const complaints: string[] = [];

  beforeAll(async () => {
    const { folder } = await buildWeb();
    api = await testApi({ webDir: folder });
    ({ base, stop } = await servePage(api));
    await makeUser(api.context, "operator@test.example", "operator");
    ({ id: serverId } = await addServer(api, "db-1", { containers: [] }));
    for (const one of [postgresql, mariadb, redis, locked, down, minio]) {
      ids[one.labels.engine as string] = await addDatabase(api, serverId, one);
    }
    await api.context.db
      .insertInto("agent_certificate")
      .values({
        serial: "01",
        server_id: serverId,
        sha256: "x",
        public_key_der: agent.publicKey.export({ type: "spki", format: "der" }),
        not_before: new Date(),
        not_after: new Date(Date.now() + 1e9),
      })
      .execute();
    browser = await chromium.launch({ executablePath, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await api?.close();
  });
  afterEach(async () => {
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(path: string, width = 1280): Promise<void> {
    context = await browser.newContext({ baseURL: base, viewport: { width, height: 844 } });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 40[01]|ERR_NETWORK_CHANGED/.test(message.text()))
        complaints.push(message.text());
    });
    await page.goto(path);
    await page.getByLabel("E-mail").fill("operator@test.example");
    await page.getByLabel("Password").fill(testPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async function picture(name: string): Promise<void> {
    if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
  }

  /** A database that answered until two hours ago. */
  async function addSilent(): Promise<{ id: number; end: number }> {
    const made = { ...redis, key: "redis:127.0.0.1:6390", state: "timed_out" };
    const id = await addDatabase(api, serverId, made);
    const end = Date.now() - 7_200_000;
    for (const sample of api.samples) if (sample.resourceId === id) sample.at -= 7_200_000;
    const { metrics } = catalogue.database;
    const values = Float32Array.from(metrics, ({ name }) => (name === "up" ? 0 : Number.NaN));
    for (let at = end + 30_000; at <= end + 7_200_000; at += 30_000) api.samples.push({ resourceId: id, at, values });
    api.newest.set(id, { at: Date.now(), values });
    return { id, end };
  }

  /** The ends (Unix ms) of the spans that the charts ask for from now on. */
  function metricsAsked(): number[] {
    const ends: number[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.pathname === "/api/v1/metrics") ends.push(Number(url.searchParams.get("to")));
    });
    return ends;
  }

  const names = () => page.locator("tbody tr td:first-child a").allTextContents();

  test("the list begins with the worst, sorts and filters by the server, and leads to one database", async () => {
    await open("/databases");
    await page.getByRole("link", { name: "shop", exact: true }).waitFor();
    expect((await names()).slice(0, 2)).toEqual(["127.0.0.1:27017", "127.0.0.1:3306"]);
    await page.getByText("nothing accepts connections at 127.0.0.1:27017").waitFor();
    await page.getByRole("button", { name: "Size" }).click();
    await expect.poll(names).toEqual(expect.arrayContaining(["127.0.0.1:9000"]));
    await expect.poll(async () => (await names())[0]).toBe("127.0.0.1:9000");
    await page.getByLabel("Engine").selectOption("redis");
    await expect.poll(names).toEqual(["127.0.0.1:6379"]);
    await page.getByLabel("Search databases").fill("nothing like it");
    await page.getByText("No database matches").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByRole("heading", { name: "shop" }).waitFor();
    await page.locator(".uplot canvas").first().waitFor();
    for (const text of ["86 of 100", "77 % used", "12 active, 3 idle in transaction"]) {
      await page.getByText(text).first().waitFor();
    }
    for (const [tab, text] of [
      ["Statements", "SELECT * FROM facts"],
      ["Databases", "210 GiB"],
      ["Replication", "old_standby"],
      ["Details", "/var/lib/postgresql/16/main"],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByText(text).first().waitFor();
    }
  });

  test("credentials go sealed to the agent, and what became of them is shown", async () => {
    await open(`/databases/${ids.mysql}`);
    await page.getByText("GRANT PROCESS, REPLICATION CLIENT").waitFor();
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    await page.getByRole("button", { name: "Send to the agent" }).click();
    await page.getByText("gives nothing: give user, password").first().waitFor();
    await page.getByText("Database and TLS").click();
    await page.getByLabel("TLS").selectOption("verify-full");
    await page.getByLabel("CA certificates").fill("no certificate");
    await page.getByLabel("User").fill("fairlead");
    await page.getByLabel("Password").fill("a secret of its own");
    await page.getByRole("button", { name: "Send to the agent" }).click();
    await page.getByText("must be certificates in PEM").first().waitFor();
    await page.getByLabel("TLS").selectOption("require");
    await page.getByLabel("CA certificates").fill("");
    await page.getByLabel("Name in its certificate").fill("db.inside");
    await page.getByRole("button", { name: "Send to the agent" }).click();
    await page.getByText("Set the credentials of mysql:127.0.0.1:3306").waitFor();

    const command = await api.context.db.selectFrom("command").selectAll().executeTakeFirstOrThrow();
    const key = createPrivateKey(agent.privateKey.export({ type: "pkcs8", format: "pem" }));
    const box = Buffer.from(command.args.sealed as string, "base64");
    expect(JSON.parse(openBox(box, key, `${serverId}\0mysql:127.0.0.1:3306`))).toEqual({
      user: "fairlead",
      password: "a secret of its own",
      tls: { mode: "require", serverName: "db.inside" },
    });
    const end = { status: "failed", reason: "Access denied for user 'fairlead'@'localhost'" } as const;
    await api.context.db
      .updateTable("command")
      .set({ ...end, finished_at: new Date() })
      .where("id", "=", command.id)
      .execute();
    api.bus.emit("command", {
      serverId,
      commandId: command.id,
      status: "failed",
      phase: "",
      message: "",
      percent: null,
    });
    await page.getByText("Access denied for user").waitFor();
    await page.getByRole("button", { name: "Give others" }).click();
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    await page.getByLabel("Password").fill("another");
    await page.getByRole("button", { name: "Send to the agent" }).click();
    await page.getByText("Set the credentials of mysql:127.0.0.1:3306").waitFor();
    await api.context.db
      .updateTable("command")
      .set({ status: "succeeded", finished_at: new Date(), output: JSON.stringify({ status: "up" }) })
      .where("finished_at", "is", null)
      .execute();
    await page.getByText("They let the agent in").waitFor();
  });

  test("fits 390 px, and its server shows what runs there", async () => {
    await open("/databases", 390);
    await page.getByRole("link", { name: "shop", exact: true }).waitFor();
    const paths = ["/databases", `/servers/${serverId}?tab=databases`];
    for (const engine of ["postgresql", "mysql", "redis"]) paths.push(`/databases/${ids[engine]}`);
    for (const tab of ["statements", "replication"]) paths.push(`/databases/${ids.postgresql}?tab=${tab}`);
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expect.poll(() => page.getByRole("status", { name: "Loading" }).count(), { timeout: 15_000 }).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), path).toBeLessThanOrEqual(0);
    }
    for (const width of [768, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto("/databases");
      await page.getByRole("link", { name: "shop", exact: true }).waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), `${width}`).toBe(0);
      const table = await page.getByRole("table").boundingBox();
      const panel = await page.locator("section.panel").boundingBox();
      expect(table?.width, `${width}`).toBeLessThanOrEqual(panel?.width ?? 0);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/servers/${serverId}`);
    await page.getByRole("tab", { name: "Databases 6" }).click();
    await page.getByText("nothing accepts connections").waitFor();
    await page.getByRole("navigation").getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Settings" }).waitFor();
  });

  test("one that is down says since when and why, and shows the last hour that is known", async () => {
    await open(`/databases/${ids.mongodb}`);
    const note = page.getByRole("note");
    await note.getByText("Last error: nothing accepts connections at 127.0.0.1:27017").waitFor();
    await note.getByText("down", { exact: true }).waitFor();
    await note.getByText(/ ago/).first().waitFor();
    // It never answered: there is nothing to draw.
    await note.getByText("there is nothing to draw").waitFor();
    expect(await page.getByRole("region", { name: "History" }).count()).toBe(0);
    await picture("database-never");

    const { id, end } = await addSilent();
    await page.goto(`/databases/${id}`);
    await note.getByText("The charts end where it last answered.").waitFor();
    await page.locator(".uplot canvas").first().waitFor();
    await picture("database-down");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    await picture("database-down-390");
    const asked = metricsAsked();
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => page.url()).toContain("range=1h");
    await page.goto(`/databases/${id}`);
    await page.locator(".uplot canvas").first().waitFor();
    expect(asked.some((to) => to > end && to - end < 600_000)).toBe(true);
  });
});

import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { metricIndex } from "../../shared/catalogue.ts";
import { makeUser, type TestApi, testApi, testPassword } from "./api.ts";
import { addServer, servePage } from "./page-fixture.ts";

const executablePath = "/usr/bin/chromium";
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(!existsSync(executablePath))("the page, in Chromium", () => {
  let api: TestApi;
  let base: string;
  let stop: () => Promise<void>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { folder } = await buildWeb();
    api = await testApi({ webDir: folder, checkAnswers: false });
    ({ base, stop } = await servePage(api));
    browser = await chromium.launch({ executablePath, args: flags });
    await makeUser(api.context, "admin@test.example", "admin");
    await makeUser(api.context, "new@test.example", "viewer", true);
  });
  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await api?.close();
  });
  beforeEach(async () => {
    await open(1280);
  });
  afterEach(async () => {
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(width: number): Promise<void> {
    context = await browser.newContext({ baseURL: base, viewport: { width, height: 844 } });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // Refused sign-ins are part of the test, and networks of others come and go on the machine; a violated content security policy or a React warning is not.
      if (message.type() === "error" && !/status of 40[013]|ERR_NETWORK_CHANGED/.test(message.text()))
        complaints.push(message.text());
    });
  }

  async function signIn(email = "admin@test.example", password = testPassword): Promise<void> {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  test("refuses a wrong password in words; a one-time password must be changed first", async () => {
    await page.goto("/");
    await signIn("new@test.example", "not the password");
    await page.getByRole("alert").waitFor();
    await signIn("new@test.example");
    await page.getByRole("heading", { name: "Choose your own password" }).waitFor();
    await page.getByLabel("New password", { exact: true }).fill("short");
    await page.getByLabel("New password again").fill("short");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("must have at least 10 characters").first().waitFor();
    await page.getByLabel("New password", { exact: true }).fill("a password of my own");
    await page.getByLabel("New password again").fill("a password of my own");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("No server is watched yet").waitFor();
    // A viewer may look only.
    expect(await page.getByRole("button", { name: "Add a server" }).count()).toBe(0);
  });

  test("makes an install line and shows the server that came with it, live", async () => {
    await page.goto("/servers");
    await signIn();
    await page.getByRole("button", { name: "Add a server" }).first().click();
    await page.getByLabel("Labels").fill("env=prod");
    await page.getByRole("button", { name: "Create the install line" }).click();
    await page.getByText("FAIRLEAD_TOKEN=fle_").waitFor();
    const server = await addServer(api, "web-1", { containers: ["shop"] });
    await page.getByRole("dialog").getByRole("link", { name: "web-1" }).waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("row").filter({ hasText: "web-1" }).waitFor();

    const values = Float32Array.from(server.host.values);
    values[metricIndex("host", "cpu_usage_ratio")] = 0.87;
    api.bus.emit("live", { serverId: server.id, at: Date.now(), points: [{ ...server.host, values }] });
    await page.getByRole("row").filter({ hasText: "web-1" }).getByText("87 %").waitFor();

    await page.getByLabel("Search servers").fill("nothing like it");
    await page.getByText("No server matches").waitFor();
    await page.getByLabel("Search servers").fill("env=prod");
    await page.getByRole("link", { name: "web-1" }).click();
    await page.getByRole("heading", { name: "web-1" }).waitFor();
    await page.locator(".uplot canvas").first().waitFor();
    await expect.poll(() => api.watched.get(server.id)).toBe(1);
    expect(await page.getByRole("img", { name: /^CPU: User now 10 %/ }).count()).toBe(1);
  });

  test("sends an update and shows its phases as they come", async () => {
    const server = await addServer(api, "web-2", { containers: ["cart"] });
    await page.goto(`/servers/${server.id}?tab=containers`);
    await signIn();
    const row = page.getByRole("row").filter({ hasText: "cart" });
    await row.getByRole("button", { name: "Update" }).click();
    await page.getByLabel("Image").fill("registry.test/cart:2");
    await page.getByRole("dialog").getByRole("button", { name: "Update" }).click();
    await page.getByText("Update cart to cart:2").waitFor();
    const command = await api.context.db.selectFrom("command").selectAll().executeTakeFirstOrThrow();
    expect(command).toMatchObject({ server_id: server.id, type: "container.update" });
    expect(command.args).toMatchObject({ container: "cart", image: "registry.test/cart:2" });

    const event = {
      command_id: command.id,
      at: new Date(),
      status: "running",
      phase: "pull",
      message: "3 of 4 layers",
    };
    await api.context.db
      .insertInto("command_event")
      .values({ ...event, percent: 75 })
      .execute();
    await api.context.db.updateTable("command").set({ status: "running" }).where("id", "=", command.id).execute();
    const emitted = { serverId: server.id, commandId: command.id, ...event, percent: 75 };
    api.bus.emit("command", emitted);
    await page.getByText("3 of 4 layers").waitFor();
    expect(await page.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("75");
  });

  test("keeps 2,000 servers out of the document but for those in view", async () => {
    await page.goto("/servers");
    await signIn();
    await page.getByRole("heading", { name: "Servers" }).waitFor();
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      name: `many-${i}`,
      hostname: `many-${i}`,
      labels: "{}",
      facts: "{}",
      spool: "null",
      refused: "{}",
    }));
    await api.context.db.insertInto("server").values(rows).execute();
    await page.reload();
    await page.getByLabel("Search servers").fill("many-");
    await page.getByText(/^2000 of \d+ servers$/).waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    await page.getByRole("link", { name: "many-1999" }).waitFor();
    await api.context.db.deleteFrom("server").where("name", "like", "many-%").execute();
  });

  test("fits 390 px on every page", async () => {
    await context.close();
    await open(390);
    const server = await addServer(api, `a-name-that-is-long-${"x".repeat(60)}`, {
      containers: [`c-${"y".repeat(60)}`],
    });
    await page.goto("/servers");
    await signIn();
    await page.getByRole("heading", { name: "Servers" }).waitFor();
    const paths = ["/servers", "/containers", "/commands", "/alerts", "/alerts?tab=rules", "/alerts?tab=receivers"];
    for (const tab of ["overview", "containers", "activity", "collectors", "details"]) {
      paths.push(`/servers/${server.id}?tab=${tab}`);
    }
    for (const tab of ["health", "jobs", "enrolment", "tokens", "users", "audit", "account"])
      paths.push(`/settings?tab=${tab}`);
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expect.poll(() => page.getByRole("status", { name: "Loading" }).count()).toBe(0);
      const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(over, path).toBeLessThanOrEqual(0);
    }
  });

  test("an audit log that filters and pages, for admins alone", async () => {
    const at = (i: number) => new Date(Date.now() - i * 60_000);
    const rows = Array.from({ length: 60 }, (_, i) => ({
      at: at(i),
      actor_kind: "token" as const,
      actor_name: "ci-deploy",
      action: "command.create",
      target_kind: "command",
      target_id: `c-${i}`,
      ip: "203.0.113.9",
      detail: JSON.stringify({ serverName: "box", type: "container.update", args: { container: `c-${i}` } }),
    }));
    await api.context.db.insertInto("audit_log").values(rows).execute();
    await page.goto("/settings?tab=audit");
    await signIn();
    await page.getByText("Signed in").first().waitFor();
    await page.getByLabel("What", { exact: true }).selectOption({ label: "Commands" });
    await page.getByLabel("Who did it").fill("ci-deploy");
    await page.getByRole("link", { name: "Update c-0", exact: true }).waitFor();
    await expect.poll(() => page.getByText("203.0.113.9").count()).toBe(50);
    await page.getByRole("button", { name: "Older ones" }).click();
    await page.getByRole("link", { name: "Update c-59" }).waitFor();
    await page.getByLabel("What", { exact: true }).selectOption({ label: "Failed sign-ins" });
    await page.getByText("Nothing of this kind is noted").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByText("Signed in").first().waitFor();

    await context.close();
    await open(1280);
    await makeUser(api.context, "viewer@test.example", "viewer");
    await page.goto("/settings?tab=audit");
    await signIn("viewer@test.example");
    await page.getByText("Your role does not show this").waitFor();
    expect(await page.getByRole("tab", { name: "Audit log" }).count()).toBe(0);
  });

  test("says what the server said when a page can't be shown, and remembers the theme", async () => {
    await page.goto("/servers/00000000-0000-7000-8000-000000000000");
    await signIn();
    await page.getByRole("alert").getByText("There is no such server").waitFor();
    expect(await page.getByRole("alert").textContent()).toMatch(/Request [0-9a-f-]{20,}/);
    complaints.splice(0); // the 404 itself
    await page.getByRole("button", { name: "Account and appearance" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await page.goto("/servers");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
  });
});

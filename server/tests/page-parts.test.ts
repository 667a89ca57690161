import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page, type Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { makeUser, type TestApi, testApi, testPassword } from "./api.ts";
import { addServer, servePage } from "./page-fixture.ts";

const executablePath = "/usr/bin/chromium";
/** A folder for pictures of what the tests see, for whoever wants to look. */
const shots = process.env.FAIRLEAD_SHOTS;

describe.skipIf(!existsSync(executablePath))("parts of the page that are loaded later, in Chromium", () => {
  let api: TestApi;
  let base: string;
  let stop: () => Promise<void>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const { folder } = await buildWeb();
    api = await testApi({ webDir: folder });
    ({ base, stop } = await servePage(api));
    await makeUser(api.context, "ops@test.example", "operator");
    await addServer(api, "box-1", { containers: ["web"] });
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    context = await browser.newContext({ baseURL: base, viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await context.request.post(`${base}/api/v1/auth/login`, {
      data: { email: "ops@test.example", password: testPassword },
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await api?.close();
  });
  beforeEach(async () => {
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
  });
  afterEach(async () => {
    await page.close();
  });

  const lost = (route: Route) => route.abort("connectionreset");
  const gone = (route: Route) => route.fulfill({ status: 404, body: "" });
  const newVersion = '<script type="module" src="/assets/index-new.js"></script>';
  const missing = () => page.getByText("This part of the page could not be loaded");

  /** Counts how often the page was loaded whole. */
  function countLoads(): () => number {
    let loads = 0;
    page.on("load", () => loads++);
    return () => loads;
  }

  test("one whose first request fails is there all the same", async () => {
    let asked = 0;
    await page.route("**/assets/alerts-*.js", (route) => (++asked === 1 ? lost(route) : route.continue()));
    await page.goto("/alerts");
    await page.getByRole("heading", { name: "Alerts" }).waitFor();
    expect(asked).toBe(2);
    expect(await missing().count()).toBe(0);
  });

  test("one that never comes is told with a way to reload, and comes when it can", async () => {
    const loads = countLoads();
    let asked = 0;
    await page.goto("/servers");
    await page.getByRole("link", { name: "box-1" }).waitFor();
    await page.route("**/assets/commands-*.js", (route) => {
      asked++;
      return lost(route);
    });
    await page.goto("/commands");
    await missing().waitFor();
    // It was preloaded for the address and asked for again when it was to be shown.
    expect(asked % 3).toBe(0);
    expect(loads()).toBe(2);
    await page.getByRole("link", { name: "Servers" }).waitFor();
    if (shots !== undefined) await page.screenshot({ path: `${shots}/part-missing.png` });
    await page.unroute("**/assets/commands-*.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Commands" }).waitFor();
    expect(loads()).toBe(2);
  });

  test("a dialog that does not come says so where it would be, and goes when it is closed", async () => {
    await page.route("**/assets/update-dialog-*.js", lost);
    await page.goto("/containers");
    await page.getByRole("link", { name: "web", exact: true }).click();
    await page.getByRole("button", { name: "Update" }).click();
    const dialog = page.getByRole("dialog", { name: "Update" });
    await dialog.getByRole("button", { name: "Reload" }).waitFor();
    if (shots !== undefined) await page.screenshot({ path: `${shots}/part-missing-dialog.png` });
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => dialog.count()).toBe(0);
    await page.getByRole("heading", { name: "web", exact: true }).waitFor();
  });

  test("after a deployment an open page gets the new version by itself, once", async () => {
    const loads = countLoads();
    await page.goto("/servers");
    await page.getByRole("link", { name: "box-1" }).waitFor();
    // Nothing of the old version is there any more.
    await page.route("**/assets/alerts-*.js", (route) => (loads() === 1 ? gone(route) : route.continue()));
    await page.route(`${base}/`, (route) => route.fulfill({ contentType: "text/html", body: newVersion }));
    await page.getByRole("link", { name: "Alerts" }).click();
    await page.getByRole("heading", { name: "Alerts" }).waitFor();
    expect(loads()).toBe(2);
  });

  test("where the new version never comes it reloads once and then waits for who reads it", async () => {
    const loads = countLoads();
    await page.goto("/servers");
    await page.getByRole("link", { name: "box-1" }).waitFor();
    await page.route("**/assets/alerts-*.js", gone);
    await page.route(`${base}/`, (route) => route.fulfill({ contentType: "text/html", body: newVersion }));
    await page.getByRole("link", { name: "Alerts" }).click();
    await page.waitForEvent("load");
    await page.getByText("Fairlead has a new version").waitFor();
    await page.emulateMedia({ colorScheme: "light" });
    if (shots !== undefined) await page.screenshot({ path: `${shots}/part-newer.png` });
    expect(loads()).toBe(2);
    await page.getByRole("button", { name: "Reload" }).click();
    await page.waitForEvent("load");
    await page.getByText("Fairlead has a new version").waitFor();
    expect(loads()).toBe(3);
  });
});

import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildWeb } from "../../scripts/build-web.ts";
import { insertDefaultRules } from "../src/services/rule/default-rules.ts";
import { makeUser, type TestApi, testApi, testPassword } from "./api.ts";
import { addServer, servePage } from "./page-fixture.ts";
import { addStorage, type StorageIds } from "./page-storage-fixture.ts";
import { addResource, drive } from "./storage-fixture.ts";

const executablePath = "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

describe.skipIf(!existsSync(executablePath))("storage on the page, in Chromium", () => {
  let api: TestApi;
  let base: string;
  let stop: () => Promise<void>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let serverId: string;
  let ids: StorageIds;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { folder } = await buildWeb();
    api = await testApi({ webDir: folder });
    ({ base, stop } = await servePage(api));
    await makeUser(api.context, "operator@test.example", "operator");
    await insertDefaultRules(api.context);
    await makeUser(api.context, "viewer@test.example", "viewer");
    ({ id: serverId } = await addServer(api, "store-1", { containers: [] }));
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

  async function open(path: string, role: "operator" | "viewer" = "operator", width = 1440): Promise<void> {
    context = await browser.newContext({ baseURL: base, viewport: { width, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of (40[014]|503)|ERR_NETWORK_CHANGED/.test(message.text()))
        complaints.push(message.text());
    });
    await context.request.post(`${base}/api/v1/auth/login`, {
      data: { email: `${role}@test.example`, password: testPassword },
    });
    await page.goto(path);
  }

  const text = (words: string) => page.getByText(words).first().waitFor();
  const names = () => page.locator("[role=row] [role=cell]:first-child a").allTextContents();
  const argsOf = async (type: string) => {
    const { args } = await api.context.db
      .selectFrom("command")
      .select("args")
      .where("type", "=", type)
      .executeTakeFirstOrThrow();
    return args;
  };

  test("says why a list is empty, and lets a list that failed be asked for again", async () => {
    await open("/storage?tab=drives");
    await text("smartmontools");
    await text("sudo fairlead-agent doctor");
    await page.route("**/storage/pools?*", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.getByRole("tab", { name: "Pools" }).click();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.unroute("**/storage/pools?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await text("No pool is known yet");
    await page.goto("/storage/drives/999999");
    await text("There is no such drive");
  });

  test("the overview leads to what needs attention, lists filter and sort by the address", async () => {
    ids = await addStorage(api, serverId);
    await open("/storage");
    await page.getByRole("heading", { name: "Needs attention" }).waitFor();
    await text("56 pending sectors: of drives with this many");
    await text("Resilver, 8 h 21 min left");
    await page.getByRole("button", { name: "1 critical" }).click();
    await expect.poll(names).toEqual(["sdc"]);
    expect(page.url()).toContain("state=critical");
    await page.reload();
    await expect.poll(names).toEqual(["sdc"]);
    await page.getByLabel("Verdict", { exact: true }).selectOption({ label: "Needs attention" });
    await expect.poll(names).toContain("sdf");
    await page.getByRole("button", { name: "Temperature" }).click();
    await expect.poll(async () => (await names())[0]).toBe("sdr");
    await page.getByLabel("Search drives").fill("nothing like it");
    await text("No drive matches");
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByRole("tab", { name: "Filesystems" }).click();
    await text("very likely");
    await expect.poll(async () => (await names())[0]).toBe("/");
    // Only what is in view is in the document, the rest comes as it is scrolled.
    for (let i = 0; i < 180; i++) {
      const made = drive(`x${String(i).padStart(3, "0")}`, `MANY-${i}`, "healthy", { attributes: { reasons: [] } });
      await addResource(api.context.db, serverId, { ...made, gone: true });
    }
    await page.goto("/storage?tab=drives&state=gone&sort=device");
    await page.getByRole("link", { name: "x000" }).waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(60);
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 20_000);
          return await names();
        },
        { timeout: 20_000 },
      )
      .toContain("x179");
  });

  test("a drive: why, what it carries, its attributes and logs; counters are acknowledged, tests begun", async () => {
    await open(`/storage/drives/${ids.sdc}`);
    await page.getByRole("heading", { name: "sdc" }).waitFor();
    await page.locator(".uplot canvas").first().waitFor();
    for (const words of ["plan a replacement", "rises by 0.8 °C a week", "35,112 hours"]) await text(words);
    await page.getByRole("link", { name: "/tank/data" }).waitFor();
    await page.getByRole("link", { name: "nextcloud" }).waitFor();
    await page.getByRole("tab", { name: "Attributes" }).click();
    await page.getByText("Reallocated Sector Ct").click();
    await text("replaced by spare ones");
    await text("accepted 8");
    await page.getByRole("tab", { name: "Self-tests" }).click();
    await text("Completed: read failure");
    await text("UNC at LBA");

    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByLabel("Offline Uncorrectable").uncheck();
    await page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
    await text("Acknowledge counters of ST8000NM0055-1RM112 ZA11074K");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Long test" }).click();
    await text("for about 7 h 27 min");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("region", { name: "Self-test", exact: true }).getByText("long self-test queued").waitFor();
    expect(await page.getByRole("button", { name: "Short test" }).isDisabled()).toBe(true);
    const key = "ST8000NM0055-1RM112/ZA11074K//";
    expect(await argsOf("drive.acknowledge")).toEqual({ drive: key, counters: ["ata:197", "ata:5", "ata:190:past"] });
    expect(await argsOf("drive.selftest")).toEqual({ drive: key, type: "long" });
    await page.getByRole("region", { name: "Self-test", exact: true }).getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => page.getByRole("region", { name: "Self-test", exact: true }).count()).toBe(0);

    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByText("Show the JSON").click();
    await text('"smartctl"');
    await page.goto(`/storage/drives/${ids.sdm}`);
    await text("It is asleep and is not woken. What is shown was read 5 h ago.");
    await page.goto(`/storage/drives/${ids.nvme0n1}`);
    await text("Its rated endurance is used up about");
  });

  test("a pool as a tree with its drives, and its scrub; a filesystem with the day it is full", async () => {
    await open(`/storage/pools/${ids.tank}`);
    const row = page.getByRole("row").filter({ has: page.getByText("12 read, 3 checksum") });
    await row.getByText("Critical").waitFor();
    await row.getByText("44 °C").waitFor();
    await text("Determine if the device needs to be replaced");
    await page.getByRole("button", { name: "raidz2-0" }).press("Enter");
    await expect.poll(() => row.count()).toBe(0);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Pause" }).click();
    await text("Scrub zfs:tank (pause)");
    expect(await argsOf("pool.scrub")).toEqual({ pool: "zfs:tank", action: "pause" });
    await page.getByRole("button", { name: "Close" }).click();
    // What the agent tells shows without asking.
    await api.context.db
      .updateTable("resource")
      .set({ state: "faulted" })
      .where("id", "=", ids.tank as number)
      .execute();
    const resourceId = ids.tank as number;
    api.bus.emit("resource", { serverId, resourceId, kind: "pool", key: "zfs:tank", state: "faulted", reason: "" });
    await page.getByText("faulted", { exact: true }).first().waitFor({ timeout: 10_000 });
    await page.goto(`/storage/pools/${ids.raid}`);
    await text("slot 252:1");
    await text("39 °C");

    await page.goto(`/storage/filesystems/${ids["/"]}`);
    await text("very likely (91 %). It grows by 5.23 GiB a day");
    await page.getByRole("img", { name: /Expected/ }).waitFor();
    await page.getByRole("link", { name: /nvme0n1/ }).waitFor();
  });

  test("a RAID controller: what is amiss, its battery, every drive behind it; its volumes lead on", async () => {
    await open("/storage");
    const problems = page.locator("section").filter({ hasText: "Needs attention" });
    await problems.getByText("cache is write-through; BBU: replace").waitFor();
    // What the list says in words its colour says, too: the pool is online, and out of room.
    const thin = problems.getByRole("listitem").filter({ hasText: "vg0/thin" });
    await thin.getByText("Out of room").waitFor();
    expect(await thin.locator(".text-ok").count()).toBe(0);
    await page.getByRole("tab", { name: "RAID controllers" }).click();
    await expect.poll(names).toEqual(["PERC H755 Front"]);
    await page.getByLabel("State", { exact: true }).selectOption({ label: "Well" });
    await text("No RAID controller matches");
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByRole("link", { name: "PERC H755 Front" }).click();
    for (const words of ["cache is write-through", "31 % charged", "MZ7L3960HCJR", "In no volume"]) await text(words);
    await page
      .getByRole("row", { name: /^252:2/ })
      .getByText("33 °C")
      .waitFor();
    await page.getByRole("link", { name: "c0/v0" }).first().click();
    await page.getByRole("heading", { name: "c0/v0" }).waitFor();
    await page.goto(`/storage/pools/${ids.thin}`);
    await text("Online, out of room");
    // So does every link to it.
    await page.getByRole("link", { name: "/var/lib/docker" }).click();
    const liesOn = page.locator("section").filter({ hasText: "What it lies on" });
    await liesOn.getByRole("listitem").filter({ hasText: "vg0/thin" }).getByText("Online, out of room").waitFor();
  });

  test("fits 390 px; who may only look sees no buttons; alerts and servers lead here", async () => {
    const { db } = api.context;
    const rule = await db
      .selectFrom("alert_rule")
      .select("id")
      .where("builtin_key", "=", "drive_failing")
      .executeTakeFirstOrThrow();
    const at = new Date();
    const times = { pending_at: at, fired_at: at, last_evaluated_at: at };
    await db
      .insertInto("alert")
      .values({
        ...times,
        rule_id: rule.id,
        server_id: serverId,
        resource_id: ids.sdc as number,
        state: "firing",
        severity: "critical",
        summary: "sdc is critical",
      })
      .execute();
    await open("/alerts", "viewer", 390);
    await page.getByRole("link", { name: "drive ST8000NM0055-1RM112 ZA11074K" }).click();
    await page.getByRole("heading", { name: "sdc" }).waitFor();
    await text("sdc is critical");
    await expect.poll(() => page.getByRole("button", { name: /Self-test|Acknowledge/ }).count()).toBe(0);
    const paths = ["/storage?tab=drives"];
    paths.push(
      "/storage",
      `/storage/controllers/${ids.controller}`,
      `/servers/${serverId}?tab=storage`,
      `/storage/pools/${ids.backup}`,
    );
    for (const tab of ["attributes", "tests"]) paths.push(`/storage/drives/${ids.sdc}?tab=${tab}`);
    for (const path of [...paths, `/storage/filesystems/${ids["/"]}`]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expect.poll(() => page.getByRole("status", { name: "Loading" }).count(), { timeout: 15_000 }).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), path).toBeLessThanOrEqual(0);
    }
    for (const tab of ["drives", "pools", "filesystems", "controllers"]) {
      await page.goto(`/storage?tab=${tab}`);
      await page.getByRole("cell").first().waitFor();
      for (const width of [768, 860, 960, 1040, 1180, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const table = "document.querySelector('[role=table]')";
        await expect
          .poll(() => page.evaluate(`${table}.scrollWidth - ${table}.clientWidth`), { message: `${tab} ${width}` })
          .toBe(0);
      }
    }
    await page.goto(`/servers/${serverId}?tab=storage`);
    await page.getByRole("link", { name: "PERC H755 Front" }).click();
    await page.getByRole("heading", { name: "PERC H755 Front" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
  });
});

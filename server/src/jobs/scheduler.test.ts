import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { eventually } from "../../tests/eventually.ts";
import { createScheduler, type Job, type RunningScheduler } from "./scheduler.ts";

let database: TestDatabase;
const started: RunningScheduler[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((scheduler) => scheduler.stop()));
  await database.pool.query("TRUNCATE job_run, lease");
});
afterAll(() => database.close());

function make(holder: string, jobs: Job[]): RunningScheduler {
  const log = pino({ level: "silent" });
  const scheduler = createScheduler({ db: database.db, log, now: () => new Date(), holder });
  scheduler.start(jobs);
  started.push(scheduler);
  return scheduler;
}

const yearly = "0 0 0 1 1 *";

test("of several processes one runs a tick", async () => {
  const ran: string[] = [];
  const job = (holder: string): Job => ({
    name: "tick",
    help: "",
    cron: "* * * * * *",
    run: async () => ({ n: ran.push(holder) }),
  });
  const schedulers = ["a", "b", "c"].map((holder) => make(holder, [job(holder)]));
  const from = Date.now();
  await eventually(() => expect(ran.length).toBeGreaterThanOrEqual(2));
  expect(ran.length).toBeLessThanOrEqual((Date.now() - from) / 1000 + 1);
  await eventually(async () => {
    const [status] = await schedulers[0]!.list();
    expect(status).toMatchObject({ name: "tick", last: { status: "succeeded" } });
  });
});

test("never overlaps, stops by its signal, and keeps a history", async () => {
  let running = 0;
  let most = 0;
  const job: Job = {
    name: "slow",
    help: "",
    cron: yearly,
    run: async (signal) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      running--;
      return { stopped: true };
    },
  };
  const [one, two] = [make("a", [job]), make("b", [job])];
  expect(await one.runNow("slow")).toBe(true);
  await eventually(() => expect(running).toBe(1));
  expect(await one.runNow("slow")).toBe(true);
  expect(await two.runNow("slow")).toBe(true);
  expect(await two.runNow("none")).toBe(false);
  expect((await two.list())[0]).toMatchObject({ running: true, last: { status: "running" } });
  await two.stop();
  await one.stop();
  expect(most).toBe(1);
  const rows = await database.db.selectFrom("job_run").select(["trigger", "status", "result"]).execute();
  expect(rows).toEqual([{ trigger: "manual", status: "succeeded", result: { stopped: true } }]);
});

test("a failure is recorded, a run of a dead process too", async () => {
  await database.pool.query("INSERT INTO job_run (job, trigger) VALUES ('bad', 'schedule')");
  const scheduler = make("a", [
    {
      name: "bad",
      help: "",
      cron: yearly,
      atStart: true,
      run: async () => {
        throw new Error("disk on fire");
      },
    },
  ]);
  await eventually(async () =>
    expect((await scheduler.list())[0]).toMatchObject({ running: false, last: { status: "failed" } }),
  );
  const rows = await database.db.selectFrom("job_run").select(["status", "result"]).orderBy("id").execute();
  expect(rows.map((row) => row.result.error)).toEqual(["the server ended meanwhile", "disk on fire"]);
});

test("a job of every process writes no history of its routine", async () => {
  let runs = 0;
  const scheduler = make("a", [
    { name: "often", help: "", cron: yearly, everyReplica: true, atStart: true, run: async () => ({ runs: ++runs }) },
  ]);
  await eventually(async () =>
    expect((await scheduler.list())[0]).toMatchObject({ running: false, last: { result: { runs: 1 } } }),
  );
  expect(await database.db.selectFrom("job_run").selectAll().execute()).toEqual([]);
  await scheduler.runNow("often");
  await eventually(async () => expect(await database.db.selectFrom("job_run").selectAll().execute()).toHaveLength(1));
});

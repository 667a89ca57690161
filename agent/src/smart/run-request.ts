import { NotHere, type Reading } from "../collectors/collector.ts";
import { createHost, type Host } from "../host/host.ts";
import { acknowledgeCounts } from "./acknowledge.ts";
import { readingOf } from "./drive-reading.ts";
import { type DriveStore, saveStore, withStore } from "./drive-store.ts";
import { readDrives } from "./read-drives.ts";
import type { DriveList, SmartRequest } from "./requests.ts";
import { abortSelfTest, lookAtSelfTests, startSelfTest } from "./self-test.ts";
import { createSmartctl, type Smartctl } from "./smartctl.ts";

/** What a request works with. */
export type SmartContext = {
  host: Host;
  smartctl: Smartctl;
  store: DriveStore;
  signal: AbortSignal;
  now: () => number;
  /** Keeps the store over a restart; `sync`: over a loss of power too. */
  save: (options: { sync: boolean }) => void;
};

/** What passes left under way: drives that hang. */
const rests = new Set<Promise<void>>();

/** Answers one SmartRequest. Throws NotHere without drives, Refusal where a request can't be met, or what failed. */
export async function runSmartRequest(input: unknown, signal: AbortSignal): Promise<unknown> {
  const request = input as SmartRequest;
  const stateDir = request.stateDir ?? undefined;
  const host: Host = { ...createHost(request.root), drives: request.settings };
  const smartctl = createSmartctl(host, request.program, request.readMs);
  return await withStore(stateDir, async (store) => {
    const save = (options: { sync: boolean }) => saveStore(stateDir, store, options);
    const context: SmartContext = { host, smartctl, store, signal, now: Date.now, save };
    return await answer(request, context);
  });
}

async function answer(request: SmartRequest, context: SmartContext): Promise<unknown> {
  switch (request.action) {
    case "pass":
      return await pass(request, context);
    case "rest":
      await Promise.all(rests);
      return null;
    case "told":
      return { readings: readings(context.store), problem: null } satisfies DriveList;
    case "acknowledge":
      return await acknowledgeCounts(request, context);
    case "test.start":
      return await startSelfTest(request, context);
    case "test.look":
      return await lookAtSelfTests(request, context);
    case "test.abort":
      return await abortSelfTest(request, context);
    default:
      return request satisfies never;
  }
}

async function pass(request: Extract<SmartRequest, { action: "pass" }>, context: SmartContext): Promise<DriveList> {
  const { store, save } = context;
  const stateDir = request.stateDir ?? undefined;
  const hadDrives = presentOf(store).length > 0;
  const before = severities(store);
  const { rescan, only, patienceMs } = request;
  const { worthKeeping, problem, rest } = await readDrives({ ...context, rescan, only, patienceMs });
  if (rest !== undefined) {
    // The store stays open for as long.
    const work: Promise<void> = withStore(stateDir, async () => {
      if ((await rest()) && request.keep) save({ sync: true });
    })
      .catch(() => undefined)
      .finally(() => rests.delete(work));
    rests.add(work);
  }
  const drives = presentOf(store);
  if (request.keep && worthKeeping) save({ sync: severities(store) !== before });
  if (drives.length === 0 && !hadDrives) throw new NotHere("smartctl finds no drives");
  const denied = drives.filter(({ look }) => look.kind === "failed" && /permission denied/i.test(look.reason));
  const blind = denied.length > 0 ? "smartctl may not open the drives: run fairlead-agent as root" : null;
  return { readings: readings(store), problem: blind ?? problem, hasRest: rest !== undefined };
}

function readings(store: DriveStore): Reading[] {
  return presentOf(store).map((drive) => {
    const reading = readingOf(drive);
    return { ...reading, values: Array.from(reading.values) };
  });
}

function presentOf(store: DriveStore) {
  return Object.values(store.drives).filter(({ present }) => present);
}

function severities(store: DriveStore): string {
  return JSON.stringify(
    Object.values(store.drives).map((drive) => [drive.key, drive.judgement?.verdict, drive.present]),
  );
}

import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../log.ts";
import type { Entry, Stored } from "../report/entry.ts";
import { changeEntry, reportEntries } from "../report/entry.ts";
import { ResourceTable } from "../report/resource-table.ts";
import { spoolLs, verifySpool } from "./inspect.ts";
import { Spool } from "./spool.ts";

const log = createLog("error", { write: () => undefined });
let folder = "";
let now = 1_800_000_000_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairlead-spool-"));
  now = 1_800_000_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (more: Partial<Parameters<typeof Spool.open>[0]> = {}) =>
  Spool.open({ folder, maxBytes: 1 << 20, maxAgeMs: 3_600_000, log, now: () => now, segmentBytes: 1500, ...more });

function report(table: ResourceTable, at = now): Entry[] {
  const disks = [1, 2, 3].map((n) => ({
    kind: "disk" as const,
    key: `sd${n}`,
    labels: { n: `${n}` },
    values: [at % 1000, n, 0.5],
  }));
  return reportEntries(disks, at, table);
}

async function drain(spool: Spool): Promise<Stored[]> {
  const seen = new Set<number>();
  const out: Stored[] = [];
  const backlog = spool.backlog();
  for (;;) {
    const next = await backlog.next((seq) => seen.has(seq));
    if (next === undefined) break;
    seen.add(next.seq);
    out.push(next);
  }
  await backlog.close();
  return out;
}

function later(ms: number): number {
  now += ms;
  return now;
}

const seqs = async (spool: Spool) => (await drain(spool)).map(({ seq }) => seq);
const segments = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".seg"))
    .sort();

async function fill(spool: Spool, count: number): Promise<void> {
  const table = new ResourceTable();
  for (let i = 0; i < count; i++) await spool.append(report(table, later(10_000)));
}

describe("what is appended comes back", () => {
  test("values, labels, attributes, changes, over a restart and several segments", async () => {
    const table = new ResourceTable();
    const first = await open();
    const attributes = { model: "x", parts: [1, 2] };
    await first.append(
      reportEntries(
        [{ kind: "nic", key: "eth0", labels: { a: "b" }, attributes, values: [1, 2.5, Number.NaN] }],
        now,
        table,
      ),
    );
    await first.append([
      changeEntry({ kind: "nic", key: "eth0", at: now, from: "up", to: "down", reason: "cable" }, table)!,
    ]);
    await fill(first, 40);
    await first.close();
    const again = await open();
    const all = await drain(again);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 42 }, (_, i) => i + 1));
    const [one, two] = all.map(({ entry }) => entry);
    expect(one).toMatchObject({
      type: "report",
      at: 1_800_000_000_000,
      parts: [{ resource: { kind: "nic", key: "eth0", labels: { a: "b" } } }],
    });
    const part = one?.type === "report" ? one.parts[0]! : undefined;
    expect(part?.resource.attributesJson).toBe(JSON.stringify(attributes));
    expect([...part!.values.slice(0, 4)]).toEqual([1, 2.5, Number.NaN, Number.NaN]);
    expect(two).toMatchObject({ type: "change", from: "up", to: "down", reason: "cable" });
    expect(segments().length).toBeGreaterThan(2);
    expect(again.lastAt).toBe(now);
    await again.close();
  });

  test("a cursor goes on with what is appended after it came to the end", async () => {
    const spool = await open();
    await fill(spool, 2);
    const backlog = spool.backlog();
    const seen: number[] = [];
    const read = async () => {
      for (let r = await backlog.next((s) => seen.includes(s)); r; r = await backlog.next((s) => seen.includes(s)))
        seen.push(r.seq);
    };
    await read();
    await fill(spool, 20);
    await read();
    expect(seen).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
    await backlog.close();
    await spool.close();
  });
});

describe("acknowledged records", () => {
  test("do not come back, in whatever order they were acknowledged; their segments go", async () => {
    const spool = await open();
    await fill(spool, 40);
    const before = segments().length;
    spool.settle(31, 40);
    spool.settle(1, 12);
    expect(await seqs(spool)).toEqual(Array.from({ length: 18 }, (_, i) => i + 13));
    expect(segments().length).toBeLessThan(before);
    expect(spool.state()).toMatchObject({ firstSeq: 13, nextSeq: 41, records: 18, droppedRecords: 0 });
    await spool.close();
    const again = await open();
    expect(await seqs(again)).toEqual(Array.from({ length: 18 }, (_, i) => i + 13));
    await again.close();
  });

  test("when all are, one segment keeps the numbering", async () => {
    const spool = await open();
    await fill(spool, 20);
    spool.settle(1, 20);
    expect(segments()).toHaveLength(1);
    await spool.close();
    rmSync(join(folder, "note.json"));
    const again = await open();
    await fill(again, 1);
    expect(again.state()).toMatchObject({ nextSeq: 22 });
    await again.close();
  });

  test("numbers that were never given are ignored", async () => {
    const spool = await open();
    await fill(spool, 3);
    spool.settle(1, 1_000_000);
    await fill(spool, 1);
    expect(await seqs(spool)).toEqual([4]);
    await spool.close();
  });

  test.each([2, 4, 5])(
    "records of a restored image that met no server for %d are not taken for the lost ones",
    async (own) => {
      const table = new ResourceTable();
      const lost = await open();
      for (let i = 0; i < 3; i++) await lost.append(report(table, now + i));
      const image = mkdtempSync(join(tmpdir(), "fairlead-image-"));
      cpSync(folder, image, { recursive: true });
      for (let i = 3; i < 7; i++) await lost.append(report(table, now + i));
      await lost.close();
      rmSync(folder, { recursive: true });
      renameSync(image, folder);
      const spool = await open();
      for (let i = 0; i < own; i++) await spool.append(report(table, now + 100 + i));
      await spool.resume(7);
      const records = await drain(spool);
      expect(records.map(({ entry }) => entry.at - now)).toEqual(
        expect.arrayContaining(Array.from({ length: own }, (_, i) => 100 + i)),
      );
      expect(records).toHaveLength(own);
      expect(records.every(({ seq }) => seq > 7)).toBe(true);
      expect(spool.state().droppedRecords).toBe(0);
      await spool.close();
    },
  );

  test("a server that knows more than we gave (a restored image) makes numbering go on behind it", async () => {
    const spool = await open();
    await fill(spool, 3);
    spool.skipTo(100);
    await fill(spool, 1);
    expect(await seqs(spool)).toEqual([1, 2, 3, 101]);
    expect(spool.state()).toMatchObject({ records: 4, droppedRecords: 0 });
    await spool.close();
  });
});

describe("caps", () => {
  test("by size: the oldest go and are counted, over a restart too", async () => {
    const spool = await open({ maxBytes: 10_000 });
    await fill(spool, 300);
    const { records, droppedRecords, bytes } = spool.state();
    expect(bytes).toBeLessThanOrEqual(12_000);
    expect(droppedRecords).toBeGreaterThan(0);
    expect(records + droppedRecords).toBe(300);
    expect(await seqs(spool)).toEqual(Array.from({ length: records }, (_, i) => droppedRecords + i + 1));
    await spool.close();
    const again = await open({ maxBytes: 10_000 });
    expect(again.state()).toMatchObject({ records, droppedRecords });
    await again.close();
  });

  test("by age: what is older goes and is counted", async () => {
    const spool = await open({ maxAgeMs: 600_000 });
    await fill(spool, 200);
    const { records, droppedRecords } = spool.state();
    expect(records + droppedRecords).toBe(200);
    expect(records).toBeGreaterThanOrEqual(59);
    expect(records).toBeLessThan(90);
    await spool.close();
  });
});

describe("damage", () => {
  test("a record that was being written is cut off; its number is not given again", async () => {
    const spool = await open({ segmentBytes: 100_000 });
    await fill(spool, 5);
    await spool.close();
    const path = join(folder, segments()[0]!);
    truncateSync(path, statSync(path).size - 7);
    const again = await open({ segmentBytes: 100_000 });
    expect(await seqs(again)).toEqual([1, 2, 3, 4]);
    expect(again.state().droppedRecords).toBe(1);
    await fill(again, 1);
    const last = (await seqs(again)).at(-1);
    expect(last).toBeGreaterThan(5);
    await again.close();
  });

  test("bytes flipped in the middle cost the rest of that segment, counted", async () => {
    const spool = await open();
    await fill(spool, 40);
    await spool.close();
    const [, second, third] = segments();
    const file = openSync(join(folder, second!), "r+");
    writeSync(file, "xxxx", 900);
    closeSync(file);
    expect((await verifySpool(folder)).problems).toEqual([
      expect.stringMatching(new RegExp(`^${second}: corrupt at byte`)),
    ]);
    const again = await open();
    const left = await seqs(again);
    const { droppedRecords } = again.state();
    expect(droppedRecords).toBeGreaterThan(0);
    expect(left.length + droppedRecords).toBe(40);
    expect(left).toContain((await spoolLs(folder)).segments.find(({ file }) => file === third)!.firstSeq);
    await again.close();
  });

  test.each(["", "rubbish", '{"spoolId":1}'])("a note that says %j only makes records come again", async (text) => {
    const spool = await open();
    await fill(spool, 10);
    spool.settle(1, 4);
    await spool.close();
    writeFileSync(join(folder, "note.json"), text);
    const again = await open();
    expect((await seqs(again)).slice(-6)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(again.id).toBe(spool.id);
    await again.close();
  });

  test.each(["the oldest", "all"])("a damaged header of %s costs that segment, counted", async (which) => {
    const spool = await open();
    await fill(spool, 60);
    spool.settle(1, 2);
    await spool.close();
    const names = readdirSync(folder).filter((name) => name.endsWith(".seg"));
    expect(names.length).toBeGreaterThan(2);
    for (const name of which === "all" ? names : names.slice(0, 1)) {
      const file = openSync(join(folder, name), "r+");
      writeSync(file, "x", 20);
      closeSync(file);
    }
    const again = await open();
    const left = await seqs(again);
    expect(left.at(-1)).toBe(which === "all" ? undefined : 60);
    expect(again.state().droppedRecords).toBe(58 - left.length);
    expect(again.state().nextSeq).toBe(61);
    await again.close();
  });

  test("a segment that the disk won't give keeps nothing else from coming", async () => {
    const spool = await open();
    await fill(spool, 40);
    await spool.close();
    const [first, second] = segments();
    for (const name of [first, second]) {
      rmSync(join(folder, name!));
      // Reading a folder fails as reading a bad block does.
      mkdirSync(join(folder, name!));
    }
    const again = await open();
    const left = await seqs(again);
    expect(left.at(-1)).toBe(40);
    expect(left.length + again.state().droppedRecords).toBe(40);
    await again.close();
  });

  test("a wiped folder is another spool", async () => {
    const spool = await open();
    await fill(spool, 2);
    await spool.close();
    rmSync(folder, { recursive: true });
    const again = await open();
    expect(again.id).not.toBe(spool.id);
    await again.close();
  });

  test("a disk that takes nothing: what waits in memory is bounded in bytes too", async () => {
    const table = new ResourceTable();
    const spool = await open();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    const many = Array.from({ length: 3_000 }, (_, n) => ({ kind: "disk" as const, key: `d${n}`, values: [n] }));
    for (let i = 0; i < 30; i++) await spool.append(reportEntries(many, now + i, table));
    expect(spool.state().droppedRecords).toBeGreaterThan(10);
    expect(spool.state().records).toBeGreaterThan(5);
    await spool.close();
  });

  test("a disk that takes nothing: the newest wait in memory, are handed out, and reach the disk later", async () => {
    const spool = await open();
    await fill(spool, 3);
    await spool.close();
    // Without its folder no segment can be begun, whoever runs the test.
    cpSync(folder, `${folder}.saved`, { recursive: true });
    rmSync(folder, { recursive: true });
    await fill(spool, 300);
    expect(spool.problem).toMatch(/ENOENT/);
    expect(spool.state()).toMatchObject({ nextSeq: 304, droppedRecords: 44 });
    cpSync(`${folder}.saved`, folder, { recursive: true });
    rmSync(`${folder}.saved`, { recursive: true });
    await fill(spool, 1);
    expect(spool.problem).toBeUndefined();
    const expected = [1, 2, 3, ...Array.from({ length: 257 }, (_, i) => i + 48)];
    expect(await seqs(spool)).toEqual(expected);
    await spool.close();
    const again = await open();
    expect(await seqs(again)).toEqual(expected);
    await again.close();
  });
});

type Step = { do: "append" | "ack" | "reopen" | "crash" | "losenote"; n: number };

test("whatever happens: nothing unacknowledged is lost uncounted, no number is given twice", async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom("append", "append", "append", "ack", "reopen", "crash", "losenote"),
    n: fc.nat({ max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      rmSync(folder, { recursive: true, force: true });
      const table = new ResourceTable();
      const given = new Map<number, number>();
      const acked = new Set<number>();
      let spool = await open();
      for (const { do: what, n } of steps) {
        if (what === "append") {
          for (let i = 0; i <= n; i++) {
            const [stored] = await spool.append(report(table, later(1000)));
            expect(given.has(stored!.seq)).toBe(false);
            given.set(stored!.seq, now);
          }
        } else if (what === "ack") {
          const all = [...given.keys()];
          for (const seq of all.slice(0, n * 4).filter((s) => s % 7 !== n % 7)) {
            spool.settle(seq, seq);
            acked.add(seq);
          }
        } else {
          const tail = what === "crash" ? n : 0;
          // A crash: what stands on the disk now, without what closing adds.
          if (what === "crash") cpSync(folder, `${folder}.crash`, { recursive: true });
          await spool.close();
          if (what === "crash") {
            rmSync(folder, { recursive: true });
            renameSync(`${folder}.crash`, folder);
          }
          if (what === "losenote") rmSync(join(folder, "note.json"));
          const last = segments().at(-1);
          // What a crash can leave behind what was synced: the beginning of the next record.
          if (tail > 0 && last)
            writeFileSync(join(folder, last), Buffer.concat([readFileSync(join(folder, last)), Buffer.alloc(tail, 3)]));
          const before = spool.state().droppedRecords;
          spool = await open();
          if (what !== "losenote") expect(spool.state().droppedRecords).toBeGreaterThanOrEqual(before);
          expect(spool.state().droppedRecords).toBeLessThanOrEqual(before + (tail > 0 ? 1 : 0));
        }
      }
      const back = new Map((await drain(spool)).map(({ seq, entry }) => [seq, entry.at]));
      for (const [seq, at] of given) if (!acked.has(seq)) expect(back.get(seq)).toBe(at);
      for (const seq of back.keys()) expect(given.has(seq)).toBe(true);
      await spool.close();
    }),
    { numRuns: 20 },
  );
});

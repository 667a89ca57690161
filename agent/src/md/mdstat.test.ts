import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMdstat } from "./mdstat.ts";

const corpus = join(import.meta.dirname, "../../../../shared/corpus");
const folder = join(corpus, "mdstat");
const there = existsSync(folder);

/** name, activity, level, wanted/working, devices, scan */
type Row = [string, string, string | undefined, string, number, string?];
const files: Record<string, Row[]> = {
  "mdstat.01": [],
  "mdstat.02": [["md_d0", "active", "raid5", "5/5", 5]],
  "mdstat.03": [["md0", "active", "raid5", "4/3", 3]],
  "mdstat.04": [
    ["md1", "active", "raid1", "2/2", 2],
    ["md2", "active", "raid1", "2/2", 2],
    ["md3", "active", "raid5", "10/10", 10],
    ["md0", "active", "raid1", "2/2", 2],
  ],
  "mdstat.05": [["md127", "active", "raid5", "6/5", 6, "recovery 0.126 7650 s"]],
  "mdstat.06": [["md0", "active", "raid6", "7/7", 7]],
  "mdstat.07": [["md1", "active", "raid1", "6/4", 5]],
  "mdstat.08": [["md0", "inactive", "raid5", "4/4", 3]],
  "mdstat.09": [
    ["md0", "active", "raid1", "2/2", 2],
    ["md1", "active", "raid1", "2/2", 2],
    ["md2", "inactive", undefined, "", 4],
  ],
  "mdstat.10": [
    ["md129", "active", "raid1", "2/2", 2],
    ["md128", "active", "raid1", "2/2", 2],
    ["md125", "active", "raid0", "", 6],
    ["md126", "active", "raid0", "", 2],
  ],
  "mdstat.11": [["md127", "inactive", undefined, "", 3]],
  "mdstat.12": [["md127", "active", "raid0", "", 2]],
  "mdstat.13": [["md127", "active", "raid4", "4/3", 3, "reshape 0.021 222 s"]],
  "mdstat.14": [["md127", "active", "raid0", "", 2]],
  "mdstat.15": [
    ["md3", "active", "raid6", "8/8", 8],
    ["md2", "active", "raid6", "8/8", 8],
    ["md1", "active", "raid1", "8/8", 8],
    ["md0", "active", "raid1", "8/8", 8],
  ],
  "mdstat.16": [["md1", "active", "raid5", "8/8", 8]],
};

describe.skipIf(!there)("the corpus of kernels (needs ../shared/corpus)", () => {
  test("every file is in the table", () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files));
  });

  test.each(Object.entries(files))("%s", (file, rows) => {
    const found = parseMdstat(readFileSync(join(folder, file), "utf8")).map((array) => {
      const counts = array.wanted === undefined ? "" : `${array.wanted}/${array.working}`;
      const { scan } = array;
      const row: Row = [array.name, array.activity, array.level, counts, array.devices.length];
      if (scan) row.push(`${scan.action} ${scan.ratio} ${scan.remainingSeconds} s`);
      return row;
    });
    expect(found).toEqual(rows);
  });

  test("flags, waits, metadata and read-only arrays", () => {
    const arrays = parseMdstat(readFileSync(join(corpus, "md-sysfs/proc/mdstat"), "utf8"));
    const array = (name: string) => arrays.find((one) => one.name === name);
    expect(arrays).toHaveLength(18);
    expect(array("md11")).toMatchObject({ readOnly: "auto-read-only", scan: { action: "resync", waiting: "PENDING" } });
    expect(array("md11")?.devices.map(({ name, flags }) => name + flags)).toEqual([
      "sdb2",
      "sdc2",
      "sdc3F",
      "hdaS",
      "ssdc2S",
    ]);
    expect(array("md9")?.scan).toEqual({ action: "resync", waiting: "DELAYED" });
    expect(array("md101")).toMatchObject({ readOnly: "read-only", level: "raid0", sizeKib: 322_560 });
    expect(array("md126")?.metadata).toBe("external:/md127/0");
    expect(array("md219")?.metadata).toBe("external:imsm");
    expect(array("md127")?.metadata).toBe("0.90");
  });

  test("mutated, cut and glued, never throws", () => {
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(), fc.string(), (text, from, length, put) => {
        const at = from % (text.length + 1);
        const arrays = parseMdstat(text.slice(0, at) + put + text.slice(at + (length % 200)));
        for (const array of arrays) expect(array.name).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });
});

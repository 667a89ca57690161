import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { judge, parseSmartctl, parseScan as parseSmartScan } from "smartctl-parser";
import { describe, expect, test } from "vitest";
import { parseArcconf } from "../src/hardware-raid/arcconf.ts";
import { parseMegacli } from "../src/hardware-raid/megacli.ts";
import type { RaidReport } from "../src/hardware-raid/model.ts";
import { raidReadings } from "../src/hardware-raid/readings.ts";
import { arcconf, hostAdapters, megacli, megaraid, megaraid9600, ssacli } from "../src/hardware-raid/samples.ts";
import { parseSsacli } from "../src/hardware-raid/ssacli.ts";
import { parseStorcli, storcliWants } from "../src/hardware-raid/storcli.ts";
import { groupPools } from "../src/lvm/pool.ts";
import { parseReport } from "../src/lvm/report.ts";
import { parseMdstat } from "../src/md/mdstat.ts";
import {
  parseDeviceStats,
  parseErrorStats,
  parseProgress,
  parseScrubStatus,
  parseShow,
  parseUsage,
} from "../src/pools/btrfs-text.ts";
import { parseJson } from "../src/pools/json.ts";
import { parseList, parseListJson } from "../src/pools/zpool.ts";
import { parseZpoolJson } from "../src/pools/zpool-json.ts";
import { parseZpoolText } from "../src/pools/zpool-text.ts";
import { expectLinear, mutated } from "./mutations.ts";

/** Real outputs of that folder, where it is here; the samples below are of the same formats. */
function corpus(folder: string): string[] {
  const path = join(import.meta.dirname, "../../../shared/corpus", folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).map((file) => readFileSync(join(path, file), "utf8"));
}

const smart = {
  smartctl: { exit_status: 64, messages: [{ string: "x", severity: "information" }] },
  device: { name: "/dev/sda", type: "sat", protocol: "ATA" },
  model_name: "One",
  serial_number: "S1",
  wwn: { naa: 5, oui: 3152, id: 1 },
  user_capacity: { bytes: 4_000_787_030_016 },
  smart_status: { passed: true },
  ata_smart_attributes: {
    table: [{ id: 197, name: "Current_Pending_Sector", value: 100, thresh: 0, raw: { value: 8, string: "8 (1 2)" } }],
  },
  ata_smart_self_test_log: { standard: { table: [{ type: { value: 1 }, status: { value: 0 }, lifetime_hours: 5 }] } },
  nvme_smart_health_information_log: { critical_warning: 0, percentage_used: 5, data_units_written: 9 },
  scsi_error_counter_log: { read: { total_uncorrected_errors: 3 } },
  temperature: { current: 35 },
};
const zpool = `  pool: tank
 state: DEGRADED
status: One or more devices could not be used.
action: Replace the device.
  scan: scrub in progress since Sun Feb 11 11:54:20 2024
\t704G / 1.66T scanned at 5.67G/s, 83G / 1.66T issued at 1.2G/s
\t0B repaired, 5.00% done, 1 days 00:22:10 to go
config:

\tNAME                      STATE     READ WRITE CKSUM  SLOW
\ttank                      DEGRADED     0     0     0     -
\t  mirror-0                DEGRADED     0  1.2K     0     -
\t    sda                   ONLINE       0     0     0     1  (resilvering)
\t    9876543210987654321   UNAVAIL      0     0     0     -  was /dev/disk/by-id/ata-ONE-part1
\tspares
\t  sdx                     AVAIL

errors: Permanent errors have been detected in the following files:

        /tank/one file
`;
const zpoolJson = JSON.stringify({
  pools: {
    tank: {
      state: "ONLINE",
      pool_guid: "1",
      scan_stats: { function: "SCRUB", state: "SCANNING", start_time: 9, to_examine: 10, issued: 5, pass_start: 9 },
      vdevs: { tank: { vdev_type: "root", vdevs: { sda: { vdev_type: "disk", state: "ONLINE", read_errors: 0 } } } },
      properties: { size: { value: "10G" }, health: { value: "ONLINE" } },
    },
  },
});
const mdstat = `Personalities : [raid1] [raid6] [raid5] [raid4]
md0 : active raid1 sdb1[2](F) sda1[0] sdc1[3](S)
      488254464 blocks super 1.2 [2/1] [U_]
      [=>...................]  recovery =  8.5% (41627584/488254464) finish=37.9min speed=196024K/sec
      bitmap: 3/4 pages [12KB], 65536KB chunk

md127 : inactive sdd[1](S) sde[0](S)
      5288 blocks super external:imsm

unused devices: <none>
`;
const lvm = JSON.stringify({
  report: [
    {
      vg: [{ vg_name: "vg", vg_size: "100", vg_free: "40", vg_missing_pv_count: "0" }],
      pv: [{ pv_name: "/dev/sda3", pv_uuid: "P", pv_size: "100", pv_missing: "" }],
      lv: [{ lv_name: "thin", lv_layout: "thin,pool", lv_active: "active", data_percent: "12.50" }],
    },
  ],
});
const btrfs = [
  "Scrub started:    Mon Nov 23 08:30:31 2026\nStatus:           running\nDuration:         0:00:25\nTime left:        0:16:40\nBytes scrubbed:   25000000  (2.50%)\nRate:             976000/s\nError summary:    csum=216 verify=2\n",
  "Label: 'one'  uuid: 490d983f-f620-47f2-bf22-fcc8e92fa0ab\n\tTotal devices 2 FS bytes used 147456\n\tdevid    1 size 314572800 used 67108864 path /dev/sda\n\tdevid    2 size 0 used 0 path /dev/sdb MISSING\n",
  "[/dev/sda].write_io_errs    1\n[/dev/sda].read_io_errs     2\nwrite_errs 1\nread_errs 2\n",
  "Overall:\n    Device size:\t\t         629145600\n    Device missing:\t\t         314572800\n",
  "3 out of about 10 chunks balanced (4 considered),  70% left\n12.5% done, 0 write errs\n",
];

function readBtrfs(text: string): void {
  const ratio = parseScrubStatus(text)?.progressRatio ?? 0;
  expect(ratio >= 0 && ratio <= 1).toBe(true);
  for (const { id } of parseShow(text)) expect(id).toMatch(/^\d+$/);
  parseDeviceStats(text);
  parseErrorStats(text);
  parseUsage(text);
  parseProgress(text);
}

function readSmart(text: string): void {
  parseSmartScan(text);
  const parsed = parseSmartctl(text);
  if (parsed.ok) expect(judge(parsed.drive).verdict).toMatch(/^[a-z]+$/);
  else expect(parsed.error).not.toBe("");
}

function readZpool(text: string): void {
  const pools = [...parseZpoolText(text, 0), ...parseZpoolJson(parseJson(text), 0)];
  for (const { members, scan } of pools) {
    for (const { state } of members) expect(state).toMatch(/^[a-z]+$/);
    const ratio = scan?.progressRatio ?? 0;
    expect(ratio >= 0 && ratio <= 1).toBe(true);
  }
  parseListJson(text);
  parseList(text, "name,size,alloc,free,frag,dedup,health,guid");
}

function readRaid({ controllers, problem }: RaidReport): void {
  if (controllers.length === 0) expect(problem).toBeTruthy();
  for (const controller of controllers) {
    for (const { state, reason } of raidReadings("tool", controller, () => ({ disks: [] }), 0)) {
      if (!["online", "ok", "spare"].includes(state ?? "")) expect(reason).toBeTruthy();
    }
  }
}

function readStorcli(text: string): void {
  storcliWants(text);
  const outputs = { drives: [text], volumes: text, batteries: [text], rebuilds: text, overview: text };
  readRaid(parseStorcli({ ...outputs, controllers: megaraid.controllers }));
  readRaid(parseStorcli({ ...outputs, controllers: text }));
}

function readLvm(text: string): void {
  const stack = () => ({ device: "", disks: [], pools: [] });
  for (const { name, state } of (parseReport(text) ?? []).flatMap((group) => groupPools(group, stack, ""))) {
    expect(name).not.toBe("");
    expect(state).toMatch(/^[a-z]+$/);
  }
}

const parsers: [name: string, texts: string[], read: (text: string) => void][] = [
  ["smartctl", [JSON.stringify(smart), ...corpus("smart")], readSmart],
  ["zpool", [zpool, zpoolJson, ...corpus("zpool-status"), "tank\t1000\t250\t750\t12\t1.50\tONLINE\t77\n"], readZpool],
  [
    "mdstat",
    [mdstat, ...corpus("mdstat")],
    (text) => {
      for (const { name } of parseMdstat(text)) expect(name).not.toBe("");
    },
  ],
  ["lvm", [lvm], readLvm],
  ["btrfs", btrfs, readBtrfs],
  [
    "storcli",
    [
      megaraid.controllers,
      ...megaraid.drives,
      megaraid.volumes,
      megaraid.rebuilds,
      hostAdapters.controllers,
      megaraid9600.controllers,
    ],
    readStorcli,
  ],
  ["ssacli", [ssacli], (text) => readRaid(parseSsacli(text))],
  [
    "megacli",
    Object.values(megacli),
    (text) => readRaid(parseMegacli({ volumes: text, drives: text, adapters: text, batteries: text })),
  ],
  ["arcconf", Object.values(arcconf), (text) => readRaid(parseArcconf([{ id: "1", config: text, status: text }]))],
];

describe.each(parsers)("%s", (_, texts, read) => {
  test("mutated outputs are read, never thrown at", () => {
    fc.assert(fc.property(mutated(texts), read), { numRuns: 300 });
  });

  test("time grows as the output does", () => {
    const small = texts.filter((text) => text.length < 20_000).slice(0, 4);
    expectLinear(read, small);
  });
});

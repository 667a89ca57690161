import { expect, test } from "vitest";
import { notesOf } from "./notes.ts";
import type { Answers } from "./rows.ts";
import type { Slow } from "./slow.ts";
import type { StandbyState } from "./standby.ts";

const slow = (settings: Slow["settings"], unsized = 0) => ({ settings, unsized }) as Slow;
const standby = (state: StandbyState["state"]) => ({ state }) as StandbyState;
const unsafe = slow({ fsync: "off", autovacuum: "off" }, 2);
const slot = (name: string, status: string) => ({ name, wal_status: status });

test.each<[what: string, answers: Answers, state: StandbyState["state"], begins: string[]]>([
  ["replay is paused", {}, "paused", ["replication: replay is paused", "fsync", "autovacuum", "the size", "asked: no"]],
  ["the link is down", {}, "link down", ["replication: no connection", "fsync", "autovacuum", "the size", "asked: no"]],
  ["the upstream is silent", {}, "silent", ["replication: its upstream says nothing", "fsync"]],
  ["damage", { totals: [{ checksum_failures: "3" }] }, "paused", ["3 checksum failures", "replication", "fsync"]],
  ["no ids are left", { cluster: [{ xid_age: "2000000000" }] }, "streaming", ["transaction ids run out", "fsync"]],
  [
    "slots",
    { slots: [slot("old", "lost"), slot("near", "unreserved")] },
    "streaming",
    ["slot near is about to lose", "slot old is lost", "fsync"],
  ],
  ["settings alone", {}, "streaming", ["fsync is off", "autovacuum is off", "the size of 2 databases", "asked: no"]],
])("the most urgent first: %s", (_, answers, state, begins) => {
  const notes = notesOf(answers, unsafe, standby(state), ["asked: no"]);
  expect(notes.slice(0, begins.length)).toEqual(begins.map((text) => expect.stringMatching(`^${text}`)));
});

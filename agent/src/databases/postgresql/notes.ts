import { type Answers, flag, number, text } from "./rows.ts";
import type { Slow } from "./slow.ts";
import type { StandbyState } from "./standby.ts";
import { archiveOk } from "./values.ts";

/**
 * What an operator should know of a server that answers, the most urgent first: one sentence each. What is lost or stops
 * now goes before settings that hurt only when something else happens.
 */
export function notesOf(answers: Answers, slow: Slow, standby: StandbyState | undefined, problems: string[]): string[] {
  return [
    ...dangers(answers),
    ...replication(answers, standby),
    ...settings(slow),
    ...rights(answers, slow),
    ...problems,
  ];
}

const mustBe: readonly [string, string, string][] = [
  ["fsync", "on", "fsync is off: a crash of this host loses or corrupts data"],
  ["full_page_writes", "on", "full_page_writes is off: a crash in the midst of a write corrupts pages"],
  ["zero_damaged_pages", "off", "zero_damaged_pages is on: damaged pages are wiped without a word"],
  ["autovacuum", "on", "autovacuum is off: tables bloat until transaction ids run out"],
  ["track_counts", "on", "track_counts is off: autovacuum and these figures see nothing"],
];

function settings(slow: Slow): string[] {
  return mustBe.filter(([name, good]) => (slow.settings[name] ?? good) !== good).map(([, , note]) => note);
}

function dangers(answers: Answers): string[] {
  const notes: string[] = [];
  const failures = number(answers.totals?.[0], "checksum_failures");
  if (failures > 0) notes.push(`${failures} checksum failures: data on disk is damaged`);
  const age = number(answers.cluster?.[0], "xid_age");
  if (age > 1_600_000_000) notes.push(`transaction ids run out: the oldest is ${age} old, limit 2147483648: vacuum`);
  if (archiveOk(answers.cluster?.[0], answers.archiver?.[0]) === 0) {
    notes.push(`archiving of the log fails, last ${text(answers.archiver?.[0], "last_failed_wal") ?? ""}`);
  }
  return notes;
}

function replication(answers: Answers, standby: StandbyState | undefined): string[] {
  const notes: string[] = [];
  if (standby?.state === "link down") notes.push("replication: no connection to its upstream");
  if (standby?.state === "silent") notes.push("replication: its upstream says nothing, though it was asked");
  if (standby?.state === "paused") notes.push("replication: replay is paused");
  const slots = answers.slots ?? [];
  const of = (wanted: string) => slots.filter((slot) => text(slot, "wal_status") === wanted);
  // What can still be saved goes before what is lost.
  for (const slot of of("unreserved")) notes.push(`slot ${text(slot, "name") ?? ""} is about to lose its log`);
  for (const slot of of("lost")) {
    notes.push(`slot ${text(slot, "name") ?? ""} is lost: its log was removed, the replica must be made anew`);
  }
  return notes.slice(0, 5);
}

function rights(answers: Answers, slow: Slow): string[] {
  const notes: string[] = [];
  const cluster = answers.cluster?.[0];
  if (flag(cluster, "monitors") === false) {
    const hidden =
      flag(cluster, "reads_stats") === true ? "replication and settings" : "what others run, replication, settings";
    notes.push(`the role is no member of pg_monitor: ${hidden} are hidden`);
  }
  if (slow.unsized > 0) notes.push(`the size of ${slow.unsized} databases is hidden from the role`);
  return notes;
}

import { join } from "node:path";
import { spoolLs, verifySpool } from "../spool/inspect.ts";
import { type CliCommand, CliError, configOf, exitCode, print } from "./command.ts";
import { bytes, table } from "./text.ts";

/** `spool ls|verify`: what waits on this host; reads beside a running agent. */
export const spool: CliCommand = {
  name: "spool",
  register(program, io) {
    const group = program.command("spool").description("look into the reports that wait on this host");
    group
      .command("ls")
      .description("list the segments")
      .action(async (_options, command) => {
        const info = await spoolLs(join(configOf(command, io).stateDir, "spool"));
        print(command, io, info, (v) => {
          const rows = v.segments.map((s) => [
            s.file,
            bytes(s.bytes),
            `${s.firstSeq}-${s.lastSeq}`,
            String(s.unacknowledged),
            s.firstAt === 0 ? "-" : new Date(s.firstAt).toISOString(),
            s.lastAt === 0 ? "-" : new Date(s.lastAt).toISOString(),
            s.damage ?? "",
          ]);
          const head = `spool ${v.spoolId || "(none)"}: ${v.unacknowledged} records waiting, ${bytes(v.bytes)}, ${v.dropped} dropped`;
          return rows.length === 0
            ? head
            : `${head}\n${table([["SEGMENT", "SIZE", "SEQ", "WAITING", "FROM", "TO", ""], ...rows])}`;
        });
      });
    group
      .command("verify")
      .description("read every record and check its sum; exit 1 when one is damaged")
      .action(async (_options, command) => {
        const { info, problems } = await verifySpool(join(configOf(command, io).stateDir, "spool"));
        print(command, io, { ok: problems.length === 0, problems, segments: info.segments.length }, (v) =>
          v.ok ? `${v.segments} segments, all sound` : v.problems.join("\n"),
        );
        if (problems.length > 0)
          throw new CliError(
            `${problems.length} damaged segments: what they still hold is sent, the rest is counted as dropped`,
            exitCode.failed,
          );
      });
  },
};

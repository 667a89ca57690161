import { Guards } from "./plan-view.tsx";
import { ComposeEdits, DataAfter, LastLines, LeftOvers, Notes } from "./update-notes.tsx";
import type { UpdateOutput } from "./update-output.ts";

/** What an update or roll-back came to. */
export function UpdateResult({ output }: { output: UpdateOutput }) {
  const { fromImage, toImage, downtimeMs, members, gates, backups, guards, forceReason } = output;
  const targets = members.filter(({ role }) => role === "target");
  const others = members.filter(({ role }) => role !== "target");
  return (
    <div className="space-y-2">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-md bg-sunken px-3 py-2">
        {targets.length > 1
          ? targets.map((one) => (
              <Fact key={one.name} name={one.name}>
                {change(one)}
              </Fact>
            ))
          : toImage && <Fact name="Image">{change({ fromImage, toImage })}</Fact>}
        {downtimeMs !== null && <Fact name="Without service">{milliseconds(downtimeMs)}</Fact>}
        {others.length > 0 && <Fact name="With it">{others.map(({ name }) => name).join(", ")}</Fact>}
        {gates.map((gate) => (
          <Fact key={gate.container + gate.name} name={gate.passed ? "Gate passed" : "Gate failed"}>
            {[gate.name, gate.detail].filter(Boolean).join(": ")}
          </Fact>
        ))}
        {backups.map(([name, id]) => (
          <Fact key={id} name="Backup">{`${id} of ${name}`}</Fact>
        ))}
        {forceReason && <Fact name="Forced, since">{forceReason}</Fact>}
      </dl>
      {!forceReason && <Guards guards={guards} />}
      <LeftOvers leftOvers={output.leftOvers} />
      {output.data && <DataAfter data={output.data} />}
      <ComposeEdits title="Written into compose files" edits={output.composeFiles} />
      <Notes notes={output.warnings} />
      <LastLines lines={output.logs} />
    </div>
  );
}

function change({ fromImage, toImage }: { fromImage: string; toImage: string }): string {
  return fromImage === toImage ? toImage : `${fromImage} → ${toImage}`;
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <>
      <dt className="min-w-0 break-words text-muted">{name}</dt>
      <dd className="min-w-0 break-all">{children}</dd>
    </>
  );
}

/** `340 ms`, `2.4 s`; 0: `none`. */
export function milliseconds(ms: number): string {
  if (ms === 0) return "none";
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

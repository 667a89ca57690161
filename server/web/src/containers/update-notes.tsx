import { CopyBox } from "../ui/copy.tsx";
import { Icon } from "../ui/icons.tsx";
import type { ComposeEdit, DataLeft, LeftOver } from "./update-output.ts";

/** Lines of compose and env files, each with what it says and what is written there. */
export function ComposeEdits({ title, edits }: { title: string; edits: readonly ComposeEdit[] }) {
  if (edits.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <ul aria-label={title} className="space-y-1 font-mono text-xs">
        {edits.map(({ file, line, key, from, to }) => (
          <li key={`${file}:${line}`} className="break-all">
            <span className="text-muted">
              {file}:{line}
            </span>{" "}
            <span className="block sm:inline">
              {key}: <del className="text-crit">{from}</del> <ins className="text-ok no-underline">{to}</ins>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What people have to know or do themselves, a sentence each. */
export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <section aria-label="Notes" className="rounded-md border border-line px-3 py-2">
      <ul className="space-y-1">
        {notes.map((note) => (
          <li key={note} className="flex gap-2">
            <Icon name="warning" size={15} className="mt-0.5 text-warn" />
            <span className="min-w-0 flex-1 text-soft first-letter:uppercase [overflow-wrap:anywhere]">{note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What became of the data of an update that was undone, and the commands that put them back. */
export function DataAfter({ data }: { data: DataLeft }) {
  const [withCommand, others] = [data.saved.filter(({ command }) => command), data.saved.filter((one) => !one.command)];
  return (
    <section aria-label="Data" className="space-y-2">
      <p className="text-soft">
        {data.touched
          ? "Its data are as the new container left them."
          : "Its data are as they were: no new container was started."}
        {data.touched && others.length > 0 && (
          <>
            {" "}
            {others
              .map(({ container, backup }) => `What ${container} held before is in the backup ${backup}.`)
              .join(" ")}
          </>
        )}
      </p>
      {data.touched &&
        withCommand.map(({ container, backup, command }) => (
          <div key={backup}>
            <p className="mb-1 text-xs text-muted">Puts back what {container} held before, on its host:</p>
            <CopyBox label={`Restore the data of ${container}`} text={command} />
          </div>
        ))}
    </section>
  );
}

/** Containers that a roll-back could not put back whole, each with what does it. */
export function LeftOvers({ leftOvers }: { leftOvers: readonly LeftOver[] }) {
  return leftOvers.map(({ container, name, state, commands }) => (
    <section key={container} aria-label={`Left of ${container}`}>
      <p className="mb-1 text-crit [overflow-wrap:anywhere]">
        {name === "" ? `The old ${container} is gone.` : `The old ${container} is ${state}`}
        {name !== "" && name !== container && (
          <>
            {" "}
            as <code className="font-mono text-xs">{name}</code>
          </>
        )}
        {name !== "" && (commands.length > 0 ? "; on its host, this puts it back:" : ".")}
      </p>
      {commands.length > 0 && <CopyBox label={`Put ${container} back`} text={commands.join("\n")} />}
    </section>
  ));
}

/** The last lines that a container wrote which did not prove itself. */
export function LastLines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details>
      <summary className="w-fit rounded text-accent hover:underline">Last lines of the new container</summary>
      <pre className="mt-1 max-h-72 overflow-auto rounded bg-sunken p-2 font-mono text-xs break-all whitespace-pre-wrap">
        {lines.join("\n")}
      </pre>
    </details>
  );
}

import type { RunContext } from "../run-context.ts";
import { type ComposeEdit, leftText } from "./compose-files.ts";
import { editPlace } from "./compose-files-place.ts";
import { imageIn, parseCompose, withImage } from "./compose-files-text.ts";
import { assignmentsIn } from "./compose-files-variables.ts";

/** An edit and what came of it; `changed`: the line says the new image. */
export type ComposeEdited = ComposeEdit & { changed: boolean; reason?: string };

/**
 * Writes the lines; may be called again after it was interrupted. Answers each with what came of it, and what people have to
 * do themselves. Never throws.
 */
export async function writeComposeFiles(
  edits: readonly ComposeEdit[],
  { host, entry, log }: Pick<RunContext, "host" | "entry" | "log">,
): Promise<{ edited: ComposeEdited[]; warnings: string[] }> {
  const edited: ComposeEdited[] = [];
  const warnings: string[] = [];
  for (const edit of edits) {
    let { line } = edit;
    const change = (text: string) => {
      const changed = edit.variable === undefined ? withLine(text, edit) : withVariable(text, edit, edit.variable);
      if ("refusal" in changed) return changed;
      line = changed.line;
      return changed.text;
    };
    const reason = await editPlace(host, edit.file, `.fairlead-${entry.id}.tmp`, change);
    if (reason === undefined) {
      edited.push({ ...edit, line, changed: true });
      log.info("compose file edited", { file: edit.file, line, from: edit.from, to: edit.to });
      continue;
    }
    edited.push({ ...edit, changed: false, reason });
    warnings.push(leftText(edit, `not edited: ${reason}`));
  }
  return { edited, warnings };
}

type Changed = { text: string; line: number } | { refusal: string };

const otherwise: Changed = { refusal: "it says something else by now" };

function withLine(text: string, { service, from, to }: ComposeEdit): Changed {
  const compose = parseCompose(text);
  const found = compose === undefined ? undefined : imageIn(compose, service);
  if (compose === undefined || found === undefined) return otherwise;
  const { line, says, obstacle } = found;
  // After a crash, or when two services share a line.
  if (says === to) return { text, line };
  if (says !== from) return otherwise;
  if (obstacle !== undefined) return { refusal: obstacle };
  const changed = withImage(compose, service, to);
  return changed === undefined ? { refusal: "its form is not understood" } : { text: changed, line };
}

function withVariable(text: string, { from, to }: ComposeEdit, variable: string): Changed {
  const found = assignmentsIn(text)?.get(variable);
  if (!found) return otherwise;
  const { line, value, start, end } = found;
  if (value === to) return { text, line };
  if (value !== from || !/^[\w.:/@-]+$/.test(to)) return otherwise;
  return { text: text.slice(0, start) + to + text.slice(end), line };
}

import type { LocalProgress } from "../../control-command.ts";
import { printable } from "../../log.ts";
import type { Io } from "../command.ts";
import { duration } from "../text.ts";
import type { Watcher } from "./execute.ts";

/** Progress of a command on the terminal; `close` ends its last line. */
export type Live = Watcher & { close(): void };

/** Nothing is shown: for JSON. */
export const silent: Live = { progress: () => undefined, note: () => undefined, undoes: true, close: () => undefined };

const redrawMs = 200;
/** Without a terminal every word stays: only now and then one. */
const plainMs = 2_000;
const nameWidth = 9;
/** Another command may have the container, or two others the host. */
const waiting = "waits";

/**
 * Shows a line for each phase as it goes: on a terminal the present one is drawn again with its time, percent and last
 * word, elsewhere each line is written once.
 */
export function createLive(io: Io): Live {
  return io.terminal === true ? redrawn(io) : plain(io);
}

function redrawn(io: Io): Live {
  let present: { phase: string; since: number; message: string; detail: string; percent: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const line = () => {
    if (!present) return "";
    const { phase, since, message, detail, percent } = present;
    const took = duration((performance.now() - since) / 1000).padStart(7);
    return `${phase.padEnd(nameWidth)} ${took}  ${wordsOf(message, detail, percent)}`.slice(
      0,
      Math.max(20, io.columns - 1),
    );
  };
  const draw = () => io.out(`\r\u001b[K${line()}`);
  const end = (detail?: string) => {
    if (!present) return;
    // That it was accepted goes without saying once it goes on.
    if (present.phase === waiting) {
      io.out("\r\u001b[K");
      present = undefined;
      return;
    }
    present.percent = -1;
    present.detail = detail ?? "";
    draw();
    io.out("\n");
    present = undefined;
  };
  return {
    progress({ phase, message, percent }) {
      const name = phase === "" ? waiting : phase;
      if (present?.phase === name && percent !== 0) Object.assign(present, { detail: message, percent });
      else if (present?.phase === name && present.message === message) Object.assign(present, { percent });
      else {
        end();
        present = { phase: name, since: performance.now(), message, detail: "", percent: -1 };
      }
      timer ??= setInterval(draw, redrawMs);
      draw();
    },
    undoes: true,
    note(text) {
      end();
      io.out(`${text}\n`);
    },
    close() {
      clearInterval(timer);
      timer = undefined;
      end();
    },
  };
}

function plain(io: Io): Live {
  const begun = performance.now();
  let phase = "";
  let shownAt = 0;
  let shown = "";
  return {
    progress(progress) {
      // That it was accepted goes without saying.
      if (progress.phase === "" && progress.message === "") return;
      const name = progress.phase === "" ? waiting : progress.phase;
      const now = performance.now();
      const begins = isBegin(progress, phase);
      const words = wordsOf(begins ? progress.message : "", begins ? "" : progress.message, progress.percent);
      if (!begins && (now - shownAt < plainMs || words === shown)) return;
      phase = `${progress.phase} ${begins ? progress.message : phase.slice(progress.phase.length + 1)}`;
      shownAt = now;
      shown = words;
      const took = duration((now - begun) / 1000).padStart(7);
      io.out(`${took}  ${name.padEnd(nameWidth)} ${words}`.trimEnd().concat("\n"));
    },
    undoes: true,
    note: (text) => io.out(`${text}\n`),
    close: () => undefined,
  };
}

/** The executor begins a phase with 0 percent; a phase may come twice, with another message. */
function isBegin({ phase, message, percent }: LocalProgress, present: string): boolean {
  return percent === 0 && present !== `${phase} ${message}`;
}

function wordsOf(message: string, detail: string, percent: number): string {
  const share = percent > 0 ? `${Math.floor(percent)} %` : "";
  return printable([message, [share, detail].filter(Boolean).join(" ")].filter(Boolean).join(": "));
}

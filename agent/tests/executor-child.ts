// An executor in a process of its own, for tests that kill it: runs one update and dies at a given point.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { die, runDying } from "./dying-executor.ts";

const [stateDir = "", socket = "", id = "", container = "", image = "", dieAt = "", action = ""] =
  process.argv.slice(2);

// "write N": as soon as the journal was written so often.
const writes = Number(/^write (\d+)$/.exec(dieAt)?.[1] ?? 0);
if (writes > 0) {
  let count = 0;
  const rename = fs.renameSync;
  fs.renameSync = (from, to) => {
    rename(from, to);
    if (String(to).includes("/commands/") && ++count === writes) die();
  };
  syncBuiltinESMExports();
}

const allow = ["container.update", "project.update"];
const wanted = action === "" ? { containerUpdate: { container, image, stableSeconds: 1 } } : JSON.parse(action);
await runDying({ stateDir, socket, allow, dieAt }, id, wanted);

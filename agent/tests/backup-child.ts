// An executor in a process of its own, for tests that kill it: runs one backup or restore and dies at a given point.
import { runDying } from "./dying-executor.ts";

const [stateDir = "", socket = "", id = "", action = "{}", dieAt = ""] = process.argv.slice(2);
const allow = ["container.backup", "container.restore"];
await runDying({ stateDir, socket, allow, dieAt }, id, JSON.parse(action));

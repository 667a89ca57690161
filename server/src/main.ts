import { main } from "./cli/main.ts";

// Whatever a failed start may have left running must not keep a process that does nothing.
process.exit(await main(process.argv.slice(2)));

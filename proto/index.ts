import protobuf from "protobufjs/minimal.js";
import { fairlead } from "./gen/agent.js";

// int64 fields are milliseconds, sequence numbers and counts under 2^53: plain numbers, not Long objects.
protobuf.util.Long = undefined as never;
protobuf.configure();

/** The messages of fairlead.agent.v1, each with `encode` and `decode`. */
export const pb = fairlead.agent.v1;
export * from "./service.ts";
export { fairlead };

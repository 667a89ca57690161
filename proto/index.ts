import protobuf from "protobufjs/minimal.js";

// int64 fields are milliseconds, sequence numbers and counts under 2^53: plain numbers, not Long objects.
protobuf.util.Long = undefined as never;
protobuf.configure();

/** The messages of fairlead.agent.v1, each with `encode` and `decode`; `pb.Report.$Properties` is the plain shape. */
export { pb } from "./gen/agent.js";
export { agentService } from "./service.ts";

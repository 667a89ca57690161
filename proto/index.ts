import "./numbers.ts";

/** The messages of fairlead.agent.v1, each with `encode` and `decode`; `pb.Report.$Properties` is the plain shape. */
export { pb } from "./gen/agent.js";
export { agentService } from "./service.ts";

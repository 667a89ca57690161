import { version as ownVersion } from "../version.ts";
import { type CliCommand, print } from "./command.ts";

/** `version`: of the agent, the protocol and the runtime. */
export const version: CliCommand = {
  name: "version",
  register(program, io) {
    program
      .command("version")
      .description("print the versions of agent, protocol and runtime")
      .action((_options, command) => {
        const value = { agent: ownVersion, protocol: 1, node: process.versions.node, arch: process.arch };
        print(
          command,
          io,
          value,
          (v) => `fairlead-agent ${v.agent} (protocol ${v.protocol}, node ${v.node}, ${v.arch})`,
        );
      });
  },
};

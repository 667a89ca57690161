import { readFileSync } from "node:fs";

/** Version of this agent, semver. The build writes it in; from source it is read from the package. */
export const version: string = process.env.FAIRLEAD_AGENT_VERSION ?? fromPackage();

function fromPackage(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

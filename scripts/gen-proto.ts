// Makes proto/gen from the .proto files. `--check` compares instead of writing and fails on a difference.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const source = join(root, "proto/fairlead/agent/v1/agent.proto");
const check = process.argv.includes("--check");
const out = mkdtempSync(join(tmpdir(), "fairlead-proto-"));

function run(tool: string, args: string[]): void {
  execFileSync(process.execPath, [join(root, "node_modules/.bin", tool), ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
}

const common = ["-t", "static-module", "-w", "es6", "-p", join(root, "proto"), "--force-number"];
const lean = ["--no-verify", "--no-convert", "--no-delimited", "--no-service", "--no-typeurl"];

// `pb` as a value and, for TypeScript, as a namespace.
const alias: Record<string, string> = {
  "agent.js": "\nexport const pb = fairlead.agent.v1;\n",
  "agent.d.ts": "\nexport import pb = fairlead.agent.v1;\n",
};

try {
  const documented = join(out, "documented.js");
  run("pbjs", [...common, ...lean, "-o", documented, source]);
  run("pbts", ["-o", join(out, "agent.d.ts"), documented]);
  run("pbjs", [...common, ...lean, "--no-comments", "-o", join(out, "agent.js"), source]);
  for (const name of ["agent.js", "agent.d.ts"]) {
    const made = readFileSync(join(out, name), "utf8") + alias[name];
    const target = join(root, "proto/gen", name);
    if (!check) writeFileSync(target, made);
    else if (readFileSync(target, "utf8") !== made) {
      console.error(`proto/gen/${name} is not what the .proto files give: run npm run gen`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(out, { recursive: true });
}

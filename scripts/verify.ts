// `npm run verify`: format and lint, types, import rules, protocol lint and compatibility, generated code. In seconds.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkImports } from "./import-rules.ts";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules/.bin");

type Check = { name: string; run(): Promise<string> };

/** Each returns what is wrong; empty: nothing. */
const checks: readonly Check[] = [
  { name: "format and lint", run: () => tool("biome", ["check", "."]) },
  { name: "types", run: () => tool("tsc", ["-p", "scripts"]) },
  { name: "types of the page", run: () => tool("tsc", ["-p", "server/web"]) },
  {
    name: "import rules",
    run: async () =>
      checkImports(root)
        .map((v) => `${v.file}:${v.line}: ${v.rule}`)
        .join("\n"),
  },
  { name: "protocol lint", run: () => tool("buf", ["lint", "proto"]) },
  {
    name: "protocol compatibility",
    run: () => tool("buf", ["breaking", "proto", "--against", "proto/released.binpb"]),
  },
  { name: "generated code", run: () => program(process.execPath, [join(root, "scripts/gen-proto.ts"), "--check"]) },
  { name: "install.sh", run: () => program("sh", ["-n", join(root, "install.sh")]) },
];

const started = performance.now();
const results = await Promise.all(checks.map(async ({ name, run }) => ({ name, wrong: await run() })));
for (const { name, wrong } of results) {
  console.log(`${wrong === "" ? "ok   " : "WRONG"} ${name}`);
  if (wrong !== "") console.log(wrong.replace(/^/gm, "      "));
}
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
process.exitCode = results.every((r) => r.wrong === "") ? 0 : 1;

function tool(name: string, args: string[]): Promise<string> {
  const file = join(bin, name);
  if (!existsSync(file)) return Promise.resolve(`${name} is not installed: run npm ci`);
  // tsc and biome are launchers in JavaScript; buf is too.
  return program(process.execPath, [file, ...args]);
}

function program(file: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve(`${file}: ${error.message}`));
    child.on("close", (code) => resolve(code === 0 ? "" : output.trim() || `exit code ${code}`));
  });
}

// `npm run bench -- NAME`: prints progress to stderr and, last, one JSON object with the figures and the machine.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { join } from "node:path";

const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isFile() && e.name.endsWith(".ts") && e.name !== "main.ts" && !e.name.endsWith(".test.ts"))
  .map((e) => e.name.slice(0, -3))
  .filter((n) => /export default/.test(readFileSync(join(import.meta.dirname, `${n}.ts`), "utf8")))
  .sort();

if (name === undefined || !names.includes(name) || rest.length > 0) {
  console.error(`usage: npm run bench -- NAME, one of: ${names.join(", ")}`);
  process.exit(2);
}

const { default: bench } = (await import(`./${name}.ts`)) as { default(): Promise<Record<string, unknown>> };
const started = Date.now();
const figures = await bench();
console.log(
  JSON.stringify({
    bench: name,
    ...figures,
    seconds: Math.round((Date.now() - started) / 1000),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memory_gib: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      node: process.versions.node,
      hypervisor: existsSync("/sys/hypervisor/type") || /hypervisor/.test(readFileSync("/proc/cpuinfo", "utf8")),
    },
    at: new Date().toISOString(),
  }),
);
process.exit(0);

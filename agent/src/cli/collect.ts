import { setTimeout as delay } from "node:timers/promises";
import { catalogue } from "@fairlead/shared/catalogue";
import type { CollectorFactory, Reading } from "../collectors/collector.ts";
import { collectorFactories } from "../collectors/index.ts";
import type { Pass } from "../collectors/pass.ts";
import { createRunner } from "../collectors/runner.ts";
import { databaseSettings } from "../databases/settings.ts";
import { createHost, type Host } from "../host/host.ts";
import { type CliCommand, CliError, configOf, exitCode, globals } from "./command.ts";
import { duration, quantity, table } from "./text.ts";

type Options = { watch?: boolean };

/** `collect`: runs collectors here and now, without server or agent. Exit 1 when one of them fails. */
export const collect: CliCommand = {
  name: "collect",
  register(program, io) {
    program
      .command("collect")
      .argument("[name...]", "collectors to run (default: all)")
      .description(`read this host now and print it: ${collectorFactories.map((f) => f.name).join(", ")}`)
      .option("-w, --watch", "again every 2 seconds, until it is stopped")
      .action(async (names: string[], options: Options, command) => {
        const config = configOf(command, io);
        const databases = databaseSettings(config);
        const host: Host = {
          ...createHost(),
          dockerSocket: config.docker.socket,
          runtimes: config.runtimes,
          databases,
          drives: config.drives,
        };
        const runner = createRunner({ host, factories: chosen(names) });
        try {
          // Rates need two looks.
          await runner.pass({ all: true });
          await delay(1000, undefined, { signal: io.signal });
          for (;;) {
            const pass = await runner.pass({ all: true });
            io.out(
              globals(command).json === true ? `${JSON.stringify(asJson(pass))}\n` : `${asText(pass, io.columns)}\n`,
            );
            if (pass.health.some((h) => h.state === "failed" || h.state === "timed_out"))
              process.exitCode = exitCode.failed;
            if (options.watch !== true) return;
            await delay(2000, undefined, { signal: io.signal });
          }
        } catch (error) {
          if (!io.signal.aborted) throw error;
        } finally {
          runner.stop();
        }
      });
  },
};

function chosen(names: readonly string[]): CollectorFactory[] {
  const unknown = names.find((name) => !collectorFactories.some((f) => f.name === name));
  if (unknown !== undefined) {
    const known = collectorFactories.map((f) => f.name).join(", ");
    throw new CliError(`no collector ${JSON.stringify(unknown.slice(0, 60))}: there are ${known}`, exitCode.usage);
  }
  return collectorFactories.filter((f) => names.length === 0 || names.includes(f.name));
}

/** A pass with named values; null = missing. */
export function asJson(pass: Pass) {
  return {
    at: new Date(pass.at).toISOString(),
    resources: pass.readings
      .filter((r) => r.kind !== "collector")
      .map((r) => ({
        kind: r.kind,
        key: r.key,
        ...(r.state === undefined ? {} : { state: r.state }),
        labels: r.labels ?? {},
        attributes: r.attributes ?? {},
        values: Object.fromEntries(values(r).map(({ name, value }) => [name, Number.isFinite(value) ? value : null])),
      })),
    collectors: pass.health.map(({ name, state, error, durationSeconds }) => ({ name, state, error, durationSeconds })),
  };
}

function asText(pass: Pass, columns: number): string {
  const blocks: string[] = [];
  for (const kind of Object.keys(catalogue)) {
    const readings = pass.readings.filter((r) => r.kind === kind && r.kind !== "collector");
    if (readings.length === 0) continue;
    if (readings.length === 1) blocks.push(`${kind}\n${single(readings[0] as Reading)}`);
    else blocks.push(many(kind, readings, columns));
  }
  const health = pass.health.map((h) => [h.name, h.state, duration(h.durationSeconds), h.error]);
  return `${blocks.join("\n\n")}\n\n${table([["COLLECTOR", "STATE", "TOOK", ""], ...health])}\n`;
}

function single(reading: Reading): string {
  const present = values(reading).filter(({ value }) => !Number.isNaN(value));
  return table(present.map(({ name, value, unit }) => [`  ${name}`, quantity(value, unit)]));
}

/** One line a resource, with as many of its metrics as the terminal is wide. */
function many(kind: string, readings: readonly Reading[], columns: number): string {
  const names = values(readings[0] as Reading).map((v) => v.name);
  const used = names.filter((_, i) => readings.some((r) => !Number.isNaN(r.values[i] ?? Number.NaN)));
  for (let width = used.length; width > 0; width--) {
    const shown = used.slice(0, width);
    const rows = readings.map((r) => {
      const all = values(r);
      return [r.key, r.state ?? "", ...shown.map((name) => cell(all, name))];
    });
    const text = table([
      [
        kind.toUpperCase(),
        "",
        ...shown.map((name) => name.replace(/_(bytes_per_second|per_second|bytes|ratio|seconds)$/, "")),
      ],
      ...rows,
    ]);
    if (width === 1 || text.split("\n").every((line) => line.length <= columns)) return text;
  }
  return "";
}

function cell(all: ReturnType<typeof values>, name: string): string {
  const found = all.find((v) => v.name === name);
  return found === undefined ? "-" : quantity(found.value, found.unit);
}

function values(reading: Reading): { name: string; unit: string; value: number }[] {
  return catalogue[reading.kind].metrics.map(({ name, unit }, i) => ({
    name,
    unit,
    value: reading.values[i] ?? Number.NaN,
  }));
}

import { expect, test } from "vitest";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere } from "./collector.ts";
import { systemd, unitReadings } from "./systemd.ts";
import { slots } from "./values.ts";

const failed = slots("host").failed_units;

test.each([
  ["", 0, []],
  ["nginx.service loaded failed failed A high performance web server\n", 1, ["nginx.service"]],
  [
    "● backup.timer not-found failed failed backup.timer\n● x@1.service loaded failed failed X\n",
    2,
    ["backup.timer", "x@1.service"],
  ],
  ["0 loaded units listed.\n", 0, []],
])("failed units in %j", (list, count, names) => {
  const [host, ...units] = unitReadings(list);
  expect(host?.values[failed]).toBe(count);
  expect(units.map((unit) => unit.key)).toEqual(names);
  for (const unit of units) expect(unit.state).toBe("failed");
});

test("not here where systemd is not the init process", async () => {
  await expect(systemd.create(rootedHost({})).collect(0, noAbort)).rejects.toThrow(NotHere);
});

test("an error of systemctl is told", async () => {
  const host = rootedHost({ "/run/systemd/system/x": "" });
  const broken = {
    ...host,
    run: async () => ({ code: 1, signal: null, stdout: "", stderr: "Failed to connect to bus\n" }),
  };
  await expect(systemd.create(broken).collect(0, noAbort)).rejects.toThrow("systemctl: Failed to connect to bus");
});

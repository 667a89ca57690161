import { expect, test } from "vitest";
import { noAbort } from "../../tests/rooted-host.ts";
import { createHost } from "../host/host.ts";
import { NotHere } from "./collector.ts";
import { inventory, inventoryReading } from "./inventory.ts";

test("the child writes one line that becomes attributes of the host", async () => {
  const script = `const m = await import(${JSON.stringify(`${import.meta.dirname}/inventory.ts`)}); await m.runInventoryChild();`;
  const done = await createHost().run("node", ["--input-type=module", "-e", script], { deadlineMs: 25_000 });
  expect(done.stderr).toBe("");
  const { attributes } = inventoryReading(done.stdout);
  expect(attributes?.inventory).toMatchObject({ cpu: { physicalCores: expect.any(Number) }, disks: expect.any(Array) });
});

test.each([
  ["", /JSON/],
  ["[]", "inventory: no object"],
  ["null", "inventory: no object"],
])("refuses %j", (json, message) => {
  expect(() => inventoryReading(json)).toThrow(message);
});

test("not here where the agent's program can't be started", async () => {
  await expect(inventory.create(createHost()).collect(0, noAbort)).rejects.toThrow(NotHere);
});

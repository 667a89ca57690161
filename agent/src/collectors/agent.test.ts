import { expect, test } from "vitest";
import { named, noAbort } from "../../tests/rooted-host.ts";
import { createHost } from "../host/host.ts";
import { anonymousShare, createAgentCollectorFactory } from "./agent.ts";
import type { Reading } from "./collector.ts";
import { slots } from "./values.ts";

test.each([
  ["765 400 100 5 0 123 0\n", 0.75],
  ["", Number.NaN],
])("anonymous share of %j", (text, expected) => {
  expect(anonymousShare(text)).toBe(expected);
});

test("this process and the spool's figures", () => {
  const factory = createAgentCollectorFactory(() => ({ records: 3, bytes: 400, oldestSeconds: 5, dropped: 1 }));
  const collector = factory.create(createHost());
  const read = () => named(slots("agent"), (collector.collect(0, noAbort) as Reading[])[0]?.values);
  expect(read()).toMatchObject({ spool_records: 3, spool_bytes: 400, spool_oldest_seconds: 5, spool_dropped: 1 });
  const second = read();
  expect(second.cpu_cores).toBeGreaterThanOrEqual(0);
  expect(second.private_bytes).toBeGreaterThan(1e6);
  expect(second.private_bytes).toBeLessThan(second.resident_bytes!);
});

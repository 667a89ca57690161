import { metricIndex } from "@fairlead/shared/catalogue";
import { expect, test } from "vitest";
import { blankReport, quantiseInto } from "./quantise.ts";

test("exact metrics keep their bits, others 16, and what is missing or infinite leaves the value before", () => {
  const values = new Float64Array(38).fill(Number.NaN);
  const total = metricIndex("host", "memory_total_bytes");
  const used = metricIndex("host", "memory_used_bytes");
  const load = metricIndex("host", "load1");
  values[total] = 25_276_510_208;
  values[used] = 123_456_789;
  values[load] = Number.POSITIVE_INFINITY;
  const into = blankReport("host");
  into[load] = 2;
  quantiseInto("host", values, into);
  expect(into[total]).toBe(25_276_510_208);
  expect(into[used]).not.toBe(Math.fround(123_456_789));
  expect(Math.abs((into[used] as number) / 123_456_789 - 1)).toBeLessThan(8e-6);
  expect(into[load]).toBe(2);
  expect(into[metricIndex("host", "cpu_usage_ratio")]).toBeNaN();
});

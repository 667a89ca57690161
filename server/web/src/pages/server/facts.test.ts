import { expect, test } from "vitest";
import { fact, factRows } from "./facts.ts";

test("facts become rows", () => {
  const facts = {
    osName: "Debian",
    cpu: { model_name: "EPYC", cores: 4, flags: ["a", "b"] },
    memoryBytes: 1024 ** 3,
    disks: [{ name: "sda" }],
    empty: "",
    nothing: null,
  };
  expect(factRows(facts)).toEqual([
    ["os name", "Debian"],
    ["cpu · model name", "EPYC"],
    ["cpu · cores", "4"],
    ["cpu · flags", "a, b"],
    ["memory", "1 GiB"],
    ["disks 1 · name", "sda"],
  ]);
  expect(fact(facts, "os", "osName")).toBe("Debian");
  expect(fact(facts, "cpu.model_name")).toBe("EPYC");
  expect(fact(facts, "cpu", "nothing.deep")).toBeNull();
});

import { describe, expect, test } from "vitest";
import { Accumulator, type Aggregate } from "./aggregate.ts";

const none = Number.NaN;

function row(count: number, min: number[], avg: number[], max: number[]): Aggregate {
  return { count, min: Float32Array.from(min), avg: Float32Array.from(avg), max: Float32Array.from(max) };
}

describe("samples", () => {
  test.each<[string, number[][], Aggregate]>([
    ["one", [[1, -2]], row(1, [1, -2], [1, -2], [1, -2])],
    ["several", [[1], [4], [1]], row(3, [1], [2], [4])],
    [
      "missing values count in no mean",
      [
        [1, none],
        [3, 8],
        [none, none],
      ],
      row(3, [1, 8], [2, 8], [3, 8]),
    ],
    ["never seen is missing", [[none], [none]], row(2, [none], [none], [none])],
    ["a newer agent sends more values", [[2], [4, 10]], row(2, [2, 10], [3, 10], [4, 10])],
    ["an older agent sends fewer", [[4, 10], [2]], row(2, [2, 10], [3, 10], [4, 10])],
    [
      "negative and zero",
      [
        [0, -1],
        [-5, -3],
      ],
      row(2, [-5, -3], [-2.5, -2], [0, -1]),
    ],
  ])("%s", (_, samples, expected) => {
    const accumulator = new Accumulator(samples[0]?.length ?? 0);
    for (const values of samples) accumulator.add(Float32Array.from(values));
    expect(accumulator.result()).toEqual(expected);
  });
});

describe("finer roll-ups", () => {
  test.each<[string, Aggregate[], Aggregate]>([
    ["means weigh by count", [row(6, [1], [2], [3]), row(2, [0], [10], [20])], row(8, [0], [4], [20])],
    ["missing in one", [row(6, [none], [none], [none]), row(6, [1], [2], [3])], row(12, [1], [2], [3])],
    ["missing in all", [row(6, [none], [none], [none])], row(6, [none], [none], [none])],
    ["wider later", [row(1, [1], [1], [1]), row(1, [3, 5], [3, 5], [3, 5])], row(2, [1, 5], [2, 5], [3, 5])],
  ])("%s", (_, rows, expected) => {
    const accumulator = new Accumulator(1);
    for (const one of rows) accumulator.merge(one);
    expect(accumulator.result()).toEqual(expected);
  });
});

import { expect, test } from "vitest";
import type { Filesystem, FilesystemForecast } from "../../api/storage-types.ts";
import { fullSentence, fullShort, temperatureSentence, wearSentence } from "./forecast-words.ts";

const forecast: FilesystemForecast = {
  fullAt: "2026-12-05T12:00:00Z",
  hoursLeft: 288,
  bytesPerDay: 20 * 1024 ** 3,
  confidence: 0.9,
  basis: "7 d",
  reason: "",
  computedAt: "2026-11-23T12:00:00Z",
};
const none = { fullAt: null, hoursLeft: null, bytesPerDay: null, confidence: 0 };
const filesystem = (part: Partial<Filesystem>) =>
  ({ forecast, network: false, readOnly: false, ...part }) as Filesystem;

test.each([
  [forecast, "in 12 d"],
  [{ ...forecast, hoursLeft: 5.4 }, "in 5 h"],
  [{ ...forecast, hoursLeft: 0.2 }, "in 1 h"],
  [{ ...forecast, hoursLeft: 24 * 365 }, "in 12 months"],
  [{ ...forecast, hoursLeft: 0 }, "now"],
  [{ ...forecast, ...none, reason: "it shrinks" }, "not in sight"],
  [{ ...forecast, ...none, reason: "too little history" }, null],
  [null, null],
])("short: %j", (given, text) => expect(fullShort(given)).toBe(text));

test.each([
  [{}, /^Full in about 12 d, on .*2026.*: very likely \(90 %\)\. It grows by 20 GiB a day\. Read from the last 7 d\.$/],
  [{ forecast: { ...forecast, confidence: 0.2, bytesPerDay: null } }, /no more than a guess \(20 %\)\. Read/],
  [
    { forecast: { ...forecast, ...none, reason: "it does not grow", basis: "" } },
    /^No date in sight: it does not grow\.$/,
  ],
  [{ forecast: { ...forecast, hoursLeft: 0 } }, /^It is full\.$/],
  [{ forecast: null }, /takes three hours/],
  [{ forecast: null, readOnly: true }, /read-only/],
])("sentence: %j", (part, text) => expect(fullSentence(filesystem(part as Partial<Filesystem>))).toMatch(text));

test("wear and temperature", () => {
  const wear = {
    at: "2028-03-01T00:00:00Z",
    confidence: 0.6,
    ratePerDay: 0.0005,
    basis: "its life of 2 y",
    reason: "",
  };
  expect(wearSentence({ wear, temperature: null })).toMatch(
    /2028: likely \(60 %\)\. It wears by 1\.5 % a month\. Read from its life/,
  );
  expect(wearSentence({ wear: { ...wear, at: null, reason: "more than 20 years" }, temperature: null })).toMatch(
    /^No date/,
  );
  expect(wearSentence({ wear: null, temperature: null })).toBeNull();
  expect(temperatureSentence({ wear: null, temperature: { perWeek: -0.44, confidence: 0.7, basis: "30 d" } })).toBe(
    "Its temperature falls by 0.4 °C a week (likely, from the last 30 d).",
  );
  expect(temperatureSentence({ wear: null, temperature: { perWeek: 0.04, confidence: 1, basis: "30 d" } })).toBeNull();
});

export { acknowledge, type Baseline, lowerBaseline } from "./baseline.ts";
export { decodeExitStatus } from "./exit-status.ts";
export { type FailureRate, failureRate, failureRates } from "./failure-rates.ts";
export { type Judgement, type JudgeOptions, judge, type Limits, temperatureLimits, type Verdict } from "./judge.ts";
export { type Parsed, parseSmartctl } from "./parse.ts";
export type { Reason, ReasonCode, Severity } from "./reason.ts";
export { parseScan, type Scan, type ScannedDevice } from "./scan.ts";
export type * from "./types.ts";

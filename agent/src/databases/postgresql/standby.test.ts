import { expect, test } from "vitest";
import { type Recovery, standbyState } from "./standby.ts";

const streaming: Recovery = {
  ...{
    receiver: "streaming",
    received: 1000,
    replayed: 1000,
    announced: 1000,
    paused: false,
    replayAge: 3600,
    follows: true,
  },
};

const cases: [string, Partial<Recovery>, ReturnType<typeof standbyState>][] = [
  ["idle primary: no lag", {}, { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0 }],
  [
    "replay behind",
    { replayed: 400, replayAge: 7 },
    { state: "catching up", running: 1, lagSeconds: 7, lagBytes: 600 },
  ],
  [
    "told of more than was received",
    { announced: 1500 },
    { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 500 },
  ],
  [
    "link cut with all replayed",
    { receiver: undefined },
    { state: "link down", running: 0, lagSeconds: 3600, lagBytes: 0 },
  ],
  ["receiver waits", { receiver: "waiting" }, { state: "link down", running: 0, lagSeconds: 3600, lagBytes: 0 }],
  ["receiver starts", { receiver: "starting" }, { state: "link down", running: 0, lagSeconds: 3600, lagBytes: 0 }],
  [
    "status hidden from the role",
    { receiver: "hidden", announced: Number.NaN },
    { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0 },
  ],
  [
    "settings hidden, no receiver",
    { receiver: undefined, follows: undefined },
    { state: "link down", running: 0, lagSeconds: 3600, lagBytes: 0 },
  ],
  [
    "after a restart of the link received begins at its segment",
    { received: 500 },
    { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0 },
  ],
  [
    "paused",
    { paused: true, replayed: 900, replayAge: 60 },
    { state: "paused", running: 0, lagSeconds: 60, lagBytes: 100 },
  ],
  [
    "clocks that differ",
    { replayed: 900, replayAge: -0.2 },
    { state: "catching up", running: 1, lagSeconds: 0, lagBytes: 100 },
  ],
  [
    "archive only",
    { receiver: undefined, received: Number.NaN, announced: Number.NaN, follows: false, replayAge: 90 },
    { state: "archive recovery", running: 1, lagSeconds: 90, lagBytes: Number.NaN },
  ],
];

test.each(cases)("%s", (_, change, expected) => {
  expect(standbyState({ ...streaming, ...change })).toEqual(expected);
});

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
    messageAge: 25,
    receiverTimeout: 60,
    inStepAge: 30,
  },
};
/** Never seen in step before. */
const unknown = { inStepAge: Number.NaN };

const cases: [string, Partial<Recovery>, ReturnType<typeof standbyState>][] = [
  ["idle primary: no lag", {}, { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0, inStepAge: 0 }],
  [
    "replay behind",
    { replayed: 400, replayAge: 7 },
    { state: "catching up", running: 1, lagSeconds: 7, lagBytes: 600, inStepAge: 30 },
  ],
  [
    "replay behind after a quiet hour: no more than since it was in step",
    { replayed: 400 },
    { state: "catching up", running: 1, lagSeconds: 30, lagBytes: 600, inStepAge: 30 },
  ],
  [
    "replay behind, never seen in step",
    { replayed: 400, ...unknown },
    { state: "catching up", running: 1, lagSeconds: 3600, lagBytes: 600, ...unknown },
  ],
  [
    "told of more than was received: a slow link",
    { announced: 1500, replayAge: 12 },
    { state: "catching up", running: 1, lagSeconds: 12, lagBytes: 500, inStepAge: 30 },
  ],
  [
    "streams and is in step, but its upstream says nothing though it was asked",
    { messageAge: 41 },
    { state: "silent", running: 0, lagSeconds: 41, lagBytes: 0, inStepAge: 41 },
  ],
  [
    "says nothing, and waits for ever",
    { messageAge: 4000, receiverTimeout: 0 },
    { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0, inStepAge: 0 },
  ],
  [
    "says nothing, and is behind",
    { messageAge: 41, replayed: 400 },
    { state: "silent", running: 0, lagSeconds: 30, lagBytes: 600, inStepAge: 30 },
  ],
  [
    "link cut with all replayed: since it was in step",
    { receiver: undefined, messageAge: Number.NaN },
    { state: "link down", running: 0, lagSeconds: 30, lagBytes: 0, inStepAge: 30 },
  ],
  [
    "link cut, never seen in step",
    { receiver: undefined, messageAge: Number.NaN, ...unknown },
    { state: "link down", running: 0, lagSeconds: 3600, lagBytes: 0, ...unknown },
  ],
  [
    "link cut, nothing replayed yet",
    { receiver: undefined, replayAge: Number.NaN },
    { state: "link down", running: 0, lagSeconds: 30, lagBytes: 0, inStepAge: 30 },
  ],
  [
    "receiver waits",
    { receiver: "waiting" },
    { state: "link down", running: 0, lagSeconds: 30, lagBytes: 0, inStepAge: 30 },
  ],
  [
    "receiver starts",
    { receiver: "starting" },
    { state: "link down", running: 0, lagSeconds: 30, lagBytes: 0, inStepAge: 30 },
  ],
  [
    "status hidden from the role",
    { receiver: "hidden", announced: Number.NaN, messageAge: Number.NaN },
    { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0, inStepAge: 0 },
  ],
  [
    "settings hidden, no receiver",
    { receiver: undefined, follows: undefined },
    { state: "link down", running: 0, lagSeconds: 30, lagBytes: 0, inStepAge: 30 },
  ],
  [
    "after a restart of the link received begins at its segment",
    { received: 500 },
    { state: "streaming", running: 1, lagSeconds: 0, lagBytes: 0, inStepAge: 0 },
  ],
  [
    "paused in step: no lag",
    { paused: true },
    { state: "paused", running: 0, lagSeconds: 0, lagBytes: 0, inStepAge: 0 },
  ],
  [
    "paused after a quiet hour",
    { paused: true, replayed: 900 },
    { state: "paused", running: 0, lagSeconds: 30, lagBytes: 100, inStepAge: 30 },
  ],
  [
    "clocks that differ",
    { replayed: 900, replayAge: -0.2 },
    { state: "catching up", running: 1, lagSeconds: 0, lagBytes: 100, inStepAge: 30 },
  ],
  [
    "archive only",
    { receiver: undefined, received: Number.NaN, announced: Number.NaN, follows: false, replayAge: 90, ...unknown },
    { state: "archive recovery", running: 1, lagSeconds: 90, lagBytes: Number.NaN, ...unknown },
  ],
];

test.each(cases)("%s", (_, change, expected) => {
  expect(standbyState({ ...streaming, ...change })).toEqual(expected);
});

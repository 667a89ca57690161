import { expect, test } from "vitest";
import { type CommandEvent, type CommandStatus, isFinal, nextStatus } from "./transitions.ts";

const statuses: CommandStatus[] = [
  "queued",
  "sent",
  "accepted",
  "running",
  "succeeded",
  "failed",
  "rolled_back",
  "expired",
  "cancelled",
];
const _ = undefined;

// One column a status, in the order above.
test.each<[CommandEvent, (CommandStatus | undefined)[]]>([
  [{ type: "send" }, ["sent", _, _, _, _, _, _, _, _]],
  [{ type: "accept" }, ["accepted", "accepted", _, _, _, _, _, _, _]],
  [{ type: "run" }, ["running", "running", "running", _, _, _, _, _, _]],
  [
    { type: "finish", status: "succeeded" },
    ["succeeded", "succeeded", "succeeded", "succeeded", _, _, _, "succeeded", _],
  ],
  [{ type: "finish", status: "failed" }, ["failed", "failed", "failed", "failed", _, _, _, "failed", _]],
  [{ type: "finish", status: "expired" }, ["expired", "expired", "expired", "expired", _, _, _, _, _]],
  [{ type: "late" }, ["expired", "expired", "expired", "expired", _, _, _, _, _]],
  [{ type: "cancel" }, ["cancelled", _, _, _, _, _, _, _, _]],
])("%j", (event, expected) => {
  expect(statuses.map((status) => nextStatus(status, event))).toEqual(expected);
});

test("final statuses", () => {
  expect(statuses.filter(isFinal)).toEqual(["succeeded", "failed", "rolled_back", "expired", "cancelled"]);
});

import { expect, test } from "vitest";
import { engineFailure, isMissingCall, statusOf, unlessGone } from "./failure.ts";

const answered = (statusCode: number, json: unknown) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${json}`), { statusCode, json });
const failed = (error: unknown) => engineFailure(error, "inspect web", "/run/x.sock");

test.each([
  [404, { message: "No such container: web" }, "not_found", "can't inspect web: No such container: web"],
  [404, {}, "not_found", "can't inspect web: HTTP 404"],
  // A proxy, or a service that does not know the call: the container may well be there.
  [404, Buffer.from("<html>\n<h1>Not Found</h1></html>"), "refused", "can't inspect web: HTTP 404"],
  [404, Buffer.from("Not Found\n"), "refused", "can't inspect web: HTTP 404"],
  [403, Buffer.from("<html>Forbidden</html>"), "refused", "can't inspect web: HTTP 403"],
  [409, { message: "conflict:\n  in use" }, "conflict", "can't inspect web: conflict: in use"],
  [500, { message: 'name "web" is already in use' }, "conflict", 'can\'t inspect web: name "web" is already in use'],
  [500, { message: 5, error: "panic" }, "refused", "can't inspect web: panic"],
  [500, { message: "x".repeat(10_000) }, "refused", `can't inspect web: ${"x".repeat(500)}`],
  [500, null, "refused", "can't inspect web: HTTP 500"],
])("an answer %i %j is %s", (status, json, code, message) => {
  const failure = failed(answered(status, json));
  expect(failure).toMatchObject({ code, message });
  expect(statusOf(failure)).toBe(status);
});

test("only a call that is missing counts as one, and only what is gone as gone", () => {
  const [call, container] = [failed(answered(404, Buffer.from("Not Found"))), failed(answered(404, { message: "no" }))];
  expect([isMissingCall(call), isMissingCall(container)]).toEqual([true, false]);
  expect(unlessGone(container)).toBeUndefined();
  expect(() => unlessGone(call)).toThrow("HTTP 404");
});

test.each([
  [
    Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    "unreachable",
    /\/run\/x\.sock does not answer \(ECONNREFUSED\): is dockerd/,
  ],
  [
    Object.assign(new Error("x"), { code: "EACCES" }),
    "forbidden",
    /no permission for \/run\/x\.sock: run the agent as root/,
  ],
  [Object.assign(new Error("x"), { code: "ENOENT" }), "absent", /\/run\/x\.sock does not exist/],
  [AbortSignal.timeout(0), "unreachable", /did not answer in time: inspect web/],
  [new SyntaxError("Unexpected token '<'"), "refused", /^can't inspect web: Unexpected token '<'$/],
])("%s is %s", async (given, code, message) => {
  const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener("abort", resolve));
  if (given instanceof AbortSignal && !given.aborted) await aborted(given);
  const failure = failed(given instanceof AbortSignal ? given.reason : given);
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
});

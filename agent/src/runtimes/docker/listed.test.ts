import { expect, test } from "vitest";
import { inspected, listed, readBounded } from "./listed.ts";

const whole = {
  Id: "a",
  Names: ["/web"],
  Image: "nginx",
  ImageID: "sha256:1",
  State: "running",
  Status: "Up",
  Ports: [{}],
  NetworkSettings: { Networks: { bridge: {} } },
};
const full = { id: "a", names: ["/web"], image: "nginx", imageId: "sha256:1", state: "running", status: "Up" };
const bare = { id: "a", names: [], image: "", imageId: "", state: "", status: "", ports: 0, networks: [] };

test.each([
  ["what Docker says", [whole], [{ ...full, ports: 1, networks: ["bridge"] }]],
  [
    "nulls",
    [{ ...whole, Names: null, Ports: null, NetworkSettings: null, Status: null }],
    [{ ...bare, image: "nginx", imageId: "sha256:1", state: "running" }],
  ],
  ["an id alone", [{ Id: "a" }], [bare]],
  ["what is no container", [null, 5, "x", {}, { Id: 5 }, { Id: "" }], []],
])("%s", (_, answer, expected) => {
  expect(listed(answer)).toEqual(expected);
});

test.each([undefined, null, "", {}, { message: "x" }])("%j is no list", (answer) => {
  expect(() => listed(answer)).toThrow("the answer is no list: is that a Docker engine's socket?");
});

test.each([undefined, {}, [], { Id: "a", Name: "/a", Image: "b", State: null, Config: {}, HostConfig: {} }])(
  "%j is no container",
  (answer) => {
    expect(() => inspected(answer)).toThrow("the answer is no container: is that a Docker engine's socket?");
  },
);

test("an answer without end is given up", async () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(1000);
  };
  await expect(readBounded(endless(), 10_000)).rejects.toThrow("the answer is over 10000 bytes");
  const halves = async function* () {
    yield* [Buffer.from('["\u00fc"]').subarray(0, 3), Buffer.from('["\u00fc"]').subarray(3)];
  };
  expect(await readBounded(halves(), 10)).toBe('["\u00fc"]');
});

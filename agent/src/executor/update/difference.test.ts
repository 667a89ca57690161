import { expect, test } from "vitest";
import type { EngineConfig } from "../../runtimes/docker/engine-types.ts";
import { imageDifference } from "./difference.ts";

const image = (Config: EngineConfig, more: object = {}) => ({
  Id: "sha256:x",
  Os: "linux",
  Architecture: "amd64",
  Config,
  ...more,
});

test("what differs between two images is told field by field, secrets not", () => {
  const old = image(
    {
      Env: ["A=1", "B=2=3", "DB_PASSWORD=x"],
      Cmd: ["run"],
      User: "",
      Labels: { v: "1" },
      ExposedPorts: { "80/tcp": {} },
    },
    { Size: 10, Created: "2026-01-01T00:00:00Z" },
  );
  const next = image(
    {
      Env: ["A=1", "B=4", "API_TOKEN=y"],
      Cmd: ["run", "fast"],
      User: "app",
      Labels: { v: "2" },
      Volumes: { "/data": {} },
      Entrypoint: [],
    },
    { Size: 20, Created: "2026-02-01T00:00:00Z", Architecture: "arm64", Variant: "v8" },
  );
  expect(imageDifference(old, next)).toEqual({
    changes: [
      { field: "platform", from: "linux/amd64", to: "linux/arm64/v8" },
      { field: "user", to: "app" },
      { field: "cmd", from: ["run"], to: ["run", "fast"] },
      { field: "env", name: "API_TOKEN", to: "(not shown)" },
      { field: "env", name: "B", from: "2=3", to: "4" },
      { field: "env", name: "DB_PASSWORD", from: "(not shown)" },
      { field: "label", name: "v", from: "1", to: "2" },
      { field: "exposedPort", name: "80/tcp", from: true },
      { field: "volume", name: "/data", to: true },
    ],
    sizeBytes: { from: 10, to: 20 },
    createdAt: { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
  });
  expect(imageDifference(old, old).changes).toEqual([]);
});

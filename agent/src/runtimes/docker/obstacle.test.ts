import { expect, test } from "vitest";
import type { EngineConfig, EngineContainer, EngineHostConfig } from "./engine-types.ts";
import { obstacle } from "./obstacle.ts";

const id = "a".repeat(64);

function container(Name: string, host: EngineHostConfig = {}, config: EngineConfig = {}, status = "running") {
  const made: EngineContainer = {
    Id: id,
    Name,
    Image: "",
    State: { Status: status },
    Config: config,
    HostConfig: host,
  };
  return made;
}

test.for<[container: EngineContainer, reason: RegExp | undefined]>([
  [container("/web"), undefined],
  [container("/web", {}, {}, "exited"), undefined],
  [container("/web-fairlead-old-m1x"), /part of an unfinished replacement/],
  [container("/web", {}, { Labels: { "com.docker.swarm.service.id": "x" } }), /Swarm/],
  [container("/web", {}, { Labels: { "io.kubernetes.pod.name": "x" } }), /Kubernetes/],
  [container("/web", { AutoRemove: true }), /--rm/],
  [container("/web", { NetworkMode: "container:db" }), /shares the network namespace/],
  [container("/web", { PidMode: "container:db" }), /shares the process namespace/],
  [container("/web", {}, {}, "paused"), /web is paused/],
])("on its own: %j", ([own, reason]) => {
  if (reason) expect(obstacle(own, [], undefined)).toMatch(reason);
  else expect(obstacle(own, [], undefined)).toBeUndefined();
});

test.for<[host: EngineHostConfig, tied: boolean]>([
  [{}, false],
  [{ NetworkMode: "container:web" }, true],
  [{ NetworkMode: `container:${id}` }, true],
  [{ IpcMode: `container:${id.slice(0, 12)}` }, true],
  [{ NetworkMode: "container:website" }, false],
  [{ VolumesFrom: ["web:ro"] }, true],
  [{ Links: ["/web:/other/alias"] }, true],
  [{ Links: ["/webber:/other/alias"] }, false],
])("beside one with %j", ([host, tied]) => {
  const other = { ...container("/other", host), Id: "b".repeat(64) };
  expect(obstacle(container("/web"), [other], undefined) !== undefined).toBe(tied);
});

test("the agent does not replace the container that it runs in", () => {
  expect(obstacle(container("/agent"), [], id)).toMatch(/that this agent runs in/);
});

import { expect, test } from "vitest";
import type { EngineContainer, EngineHostConfig } from "../../runtimes/docker/engine-types.ts";
import { componentOf, dependenciesOf } from "./component.ts";

const idOf = (name: string) => Buffer.from(name.padEnd(32, ".")).toString("hex");

function made(name: string, host: EngineHostConfig = {}, labels: Record<string, string> = {}): EngineContainer {
  return { Id: idOf(name), Name: `/${name}`, Image: "", State: {}, Config: { Labels: labels }, HostConfig: host };
}

function compose(name: string, dependsOn = "", host: EngineHostConfig = {}): EngineContainer {
  const labels = { "com.docker.compose.project": "shop", "com.docker.compose.service": name };
  return made(name, host, dependsOn === "" ? labels : { ...labels, "com.docker.compose.depends_on": dependsOn });
}

test.for<[host: EngineHostConfig, by: string[]]>([
  [{}, []],
  [{ NetworkMode: "container:web" }, ["network"]],
  [{ NetworkMode: `container:${idOf("web")}`, IpcMode: "container:web" }, ["network", "ipc"]],
  [{ PidMode: `container:${idOf("web").slice(0, 12)}` }, ["pid"]],
  [{ PidMode: `container:${idOf("web").slice(0, 11)}` }, []],
  [{ VolumesFrom: ["web:ro"] }, ["volumes"]],
  [{ Links: ["/web:/other/alias"] }, ["link"]],
  [{ Links: ["/webber:/other/alias"] }, []],
])("a container with %j goes along by %j", ([host, by]) => {
  const web = made("web");
  const found = componentOf(web, [web, made("other", host), made("bystander")]);
  const ties = "dependents" in found ? found.dependents.map((one) => one.ties.map((tie) => tie.by)) : undefined;
  expect(ties).toEqual(by.length === 0 ? [] : [by]);
});

test("what requires it goes along, unless it does so by what it shares", () => {
  const web = made("web");
  const requires = (name: string, host: EngineHostConfig = {}) => ({ ...made(name, host), Requires: [idOf("web")] });
  const found = componentOf(web, [web, requires("needy"), requires("rider", { NetworkMode: "container:web" })]);
  const ties = "dependents" in found ? found.dependents.map((one) => [one.name, one.how, one.ties]) : [];
  expect(ties).toEqual([
    ["needy", "recreate", [{ to: "web", by: "requires" }]],
    ["rider", "recreate", [{ to: "web", by: "network" }]],
  ]);
});

test("dependents of dependents go along, each behind what it hangs on", () => {
  const vpn = made("vpn");
  const all = [
    made("zeta", { NetworkMode: "container:vpn" }),
    made("alpha", { VolumesFrom: ["zeta"], NetworkMode: "container:vpn" }),
    vpn,
    made("beta", { PidMode: "container:alpha" }),
  ];
  const found = componentOf(vpn, all);
  expect("dependents" in found && found.dependents.map(({ name, how }) => `${name} ${how}`)).toEqual([
    "zeta recreate",
    "alpha recreate",
    "beta recreate",
  ]);
});

test("a ring is told of", () => {
  const a = made("a");
  const all = [a, made("b", { NetworkMode: "container:a", VolumesFrom: ["c"] }), made("c", { VolumesFrom: ["b"] })];
  expect(componentOf(a, all)).toEqual({ cycle: ["b", "c"] });
});

test("compose services that ask for it are restarted, others left alone; so is what shares their namespaces", () => {
  const db = compose("db");
  const all = [
    db,
    compose("api", "db:service_healthy:true"),
    compose("worker", "db:service_healthy:false,api:service_started:true"),
    compose("page", "api:service_started:false"),
    made("sidecar", { NetworkMode: "container:api" }),
    {
      ...compose("stranger", "db:service_started:true"),
      Config: { Labels: { "com.docker.compose.project": "other" } },
    },
  ];
  const found = componentOf(db, all);
  expect("dependents" in found && found.dependents.map(({ name, how }) => `${name} ${how}`)).toEqual([
    "api restart",
    "sidecar restart",
    "worker restart",
  ]);
});

test("one that is tied both ways is recreated, and so is what hangs on it", () => {
  const db = compose("db");
  const all = [
    db,
    compose("api", "db:service_healthy:true", { VolumesFrom: ["db"] }),
    made("x", { PidMode: "container:api" }),
  ];
  const found = componentOf(db, all);
  expect("dependents" in found && found.dependents.map(({ name, how }) => `${name} ${how}`)).toEqual([
    "api recreate",
    "x recreate",
  ]);
});

test.for<[label: string, services: string[]]>([
  ["", []],
  ["db", ["db service_started false"]],
  ["db:service_healthy:true, cache::", ["db service_healthy true", "cache service_started false"]],
  [",,:::", []],
])("compose writes %j", ([label, services]) => {
  const found = dependenciesOf(made("x", {}, { "com.docker.compose.depends_on": label }));
  expect(found.map(({ service, condition, restart }) => `${service} ${condition} ${restart}`)).toEqual(services);
});

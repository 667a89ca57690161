import { expect, test } from "vitest";
import type { Container } from "../api/types.ts";
import { projectsOf } from "./projects.ts";

const container = (name: string, project: string | null, service: string | null, more: Partial<Container> = {}) =>
  ({
    serverId: "s1",
    serverName: "box",
    name,
    image: `${service}:1`,
    composeProject: project,
    composeService: service,
    goneAt: null,
    ...more,
  }) as Container;

test("projects of containers: a service once, others left out, servers kept apart", () => {
  const found = projectsOf([
    container("shop-web-10", "shop", "web"),
    container("shop-web-2", "shop", "web"),
    container("shop-db-1", "shop", "db"),
    container("old", "shop", "cron", { goneAt: "2026-11-01T00:00:00Z" }),
    container("hand", null, null),
    container("half", "shop", null),
    container("shop-web-1", "shop", "web", { serverId: "s2", serverName: "alpha" }),
    container("blog", "blog", "blog"),
  ]);
  expect(found.map(({ serverName, name }) => `${name} on ${serverName}`)).toEqual([
    "blog on box",
    "shop on alpha",
    "shop on box",
  ]);
  expect(found[2]?.services).toEqual([
    { name: "db", image: "db:1", containers: 1 },
    { name: "web", image: "web:1", containers: 2 },
  ]);
  expect(found[2]?.containers.map(({ name }) => name)).toEqual(["shop-db-1", "shop-web-2", "shop-web-10"]);
});

import pino from "pino";
import { expect, test } from "vitest";
import { testDatabase } from "../../tests/database.ts";
import { eventually } from "../../tests/eventually.ts";
import { createBus, type Events } from "../bus.ts";
import { startRelay } from "./relay.ts";

const log = pino({ level: "silent" });

test("the process that evaluates hears what others commit, and nobody hears it twice", async () => {
  const database = await testDatabase();
  const { pool } = database;
  const newBus = () => createBus((_, error) => expect.unreachable(String(error)));
  const [here, there] = [newBus(), newBus()];
  const active = startRelay({ pool, bus: here, log, isActive: () => true });
  const other = startRelay({ pool, bus: there, log, isActive: () => false });
  try {
    const heard: Events["committed"][] = [];
    const states: unknown[] = [];
    active.bus.on("committed", (event) => void heard.push(event));
    active.bus.on("server", (event) => void states.push(event));
    const strayed: unknown[] = [];
    here.on("committed", (event) => void strayed.push(event));
    other.bus.on("committed", (event) => event.serverId === "here" && strayed.push(event));
    const listening = await import("node:timers/promises");
    for (let i = 0; states.length === 0 && i < 100; i++) {
      there.emit("server", { serverId: "s", state: "online", reason: "" });
      await listening.setTimeout(20);
    }
    expect(states[0]).toEqual({ serverId: "s", state: "online", reason: "" });

    const points = Array.from({ length: 300 }, (_, i) => ({
      resourceId: i,
      kind: "disk",
      key: `sd-${i}-é`,
      values: Float32Array.of(i, Number.NaN, 0.1),
    }));
    there.emit("committed", { serverId: "s", at: 1234, late: true, points });
    await eventually(() => expect(heard.flatMap((event) => event.points).length).toBe(300));
    expect(heard[0]).toMatchObject({ serverId: "s", at: 1234, late: true });
    expect(heard.flatMap((event) => event.points)).toEqual(points);
    here.emit("committed", { serverId: "here", at: 1, late: false, points: [] });
    expect(heard.at(-1)?.serverId).toBe("here");
    expect(strayed.length).toBe(1);
  } finally {
    await active.stop();
    await other.stop();
    await database.close();
  }
});

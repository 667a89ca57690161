import { createDatabaseWatch } from "../databases/watch.ts";
import { type CollectorFactory, NotHere } from "./collector.ts";

/** Databases of this host and those of the configuration: whether they answer, and what they say. */
export const databases: CollectorFactory = {
  name: "databases",
  help: "Databases: state, connections, activity, replication and space of each",
  kinds: ["database"],
  // The longest timeout that may be set, and what ends a child that is stuck.
  deadlineMs: 75_000,
  everySeconds: 30,
  create(host) {
    const watch = createDatabaseWatch(host);
    const enabled = host.databases?.probes.enabled !== false;
    let wasEmpty = false;
    return {
      async collect(now, signal) {
        const readings = enabled ? await watch.collect(now, signal) : [];
        // What an earlier run of the agent knew is gone by the first empty answer.
        const absent = wasEmpty && readings.length === 0;
        wasEmpty = readings.length === 0;
        if (absent) throw new NotHere(enabled ? "no database on this host" : "databaseProbes.enabled is false");
        return readings;
      },
    };
  },
};

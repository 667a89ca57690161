import { expect, test } from "vitest";
import { plainName, plainValue } from "./plain-table.tsx";

test.each([
  ["changesSinceSave", "Changes since save"],
  ["lastSaveSeconds", "Last save"],
  ["archiver.lastFailed", "Archiver: last failed"],
  ["max_connections", "max_connections"],
  ["fsync", "Fsync"],
  ["", ""],
])("name %s", (name, shown) => expect(plainName(name)).toBe(shown));

test.each([
  ["peakMemoryBytes", 2048, "2 KiB"],
  ["oldestSeconds", 90, "1 min 30 s"],
  ["hitRatio", 0.5, "50 %"],
  ["shared_buffers", 134_217_728, "128 MiB"],
  ["thread_cache_size", 9, "9"],
  ["count", 12, "12"],
  ["appendOnly", false, "no"],
  ["policy", "allkeys-lru", "allkeys-lru"],
  ["at", "2026-13-99T00:00:00Z", "2026-13-99T00:00:00Z"],
])("value %s", (name, value, shown) => expect(plainValue(name, value)).toBe(shown));

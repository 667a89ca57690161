import type { Context } from "../../context.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import { type StorageFilter, type StorageRow, storageRows } from "../../db/queries/storage.ts";
import { finite, isObject, text, texts, truth } from "../../domain/storage/json.ts";
import type { Newest } from "../resource/latest-values.ts";
import { pageOfKind } from "./list-devices.ts";
import { newestOf, reader } from "./newest.ts";

/** A hardware RAID controller. */
export type Controller = {
  id: number;
  serverId: string;
  serverName: string;
  key: string;
  model: string | null;
  serial: string | null;
  firmware: string | null;
  driver: string | null;
  tool: string | null;
  state: string | null;
  stateSince: Date | null;
  /** The tool's own word. */
  status: string | null;
  faults: string[];
  temperatureCelsius: number | null;
  /** What keeps the write cache over a loss of power; null: none is told of. */
  battery: Battery | null;
  memoryErrors: { correctable: number | null; uncorrectable: number | null };
  goneAt: Date | null;
};

export type Battery = {
  kind: string | null;
  state: string | null;
  ok: boolean | null;
  chargeRatio: number | null;
  temperatureCelsius: number | null;
};

const valueSorts: Record<string, string> = { temperature: "temperature_celsius" };

export const controllerSorts = ["severity", "server", "model", "stateSince", "temperature"] as const;

const shown = ["model", "serial", "firmware", "driver", "tool", "status", "faults", "battery"] as const;

/** One page of controllers with their newest values. */
export async function listControllers(
  context: Context,
  filter: StorageFilter,
  page: PageRequest,
): Promise<Page<Controller>> {
  const { items, nextCursor } = await pageOfKind(context, "controller", filter, page, valueSorts);
  return { items: await controllersByIds(context, items), nextCursor };
}

/** These controllers in the order of the ids; unknown ones are left out. */
export async function controllersByIds(context: Context, ids: readonly number[]): Promise<Controller[]> {
  const rows = await storageRows(context.db, "controller", ids, shown);
  const newest = await newestOf(context, ids);
  return rows.map((row) => toController(row, newest.get(row.id)));
}

/** A controller's row as people see it. */
export function toController(row: StorageRow, newest: Newest | undefined): Controller {
  const { attributes: a, labels } = row;
  const value = reader("controller", newest);
  return {
    id: row.id,
    serverId: row.serverId,
    serverName: row.serverName,
    key: row.key,
    model: labels.model ?? text(a.model),
    serial: text(a.serial),
    firmware: text(a.firmware),
    driver: text(a.driver),
    tool: labels.tool ?? text(a.tool),
    state: row.state,
    stateSince: row.stateSince,
    status: text(a.status),
    faults: texts(a.faults, 50),
    temperatureCelsius: value("temperature_celsius"),
    battery: batteryOf(a.battery, value),
    memoryErrors: {
      correctable: value("correctable_memory_errors"),
      uncorrectable: value("uncorrectable_memory_errors"),
    },
    goneAt: row.goneAt,
  };
}

function batteryOf(told: unknown, value: (metric: string) => number | null): Battery | null {
  const ok = value("battery_ok");
  if (!isObject(told) && ok === null) return null;
  const of = isObject(told) ? told : {};
  return {
    kind: text(of.kind),
    state: text(of.state),
    ok: ok === null ? truth(of.ok) : ok === 1,
    chargeRatio: value("battery_charge_ratio") ?? finite(of.chargeRatio),
    temperatureCelsius: value("battery_temperature_celsius") ?? finite(of.temperatureCelsius),
  };
}

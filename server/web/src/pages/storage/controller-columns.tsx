import type { Controller } from "../../api/storage-types.ts";
import { formatNumber, formatRatio } from "../../format/units.ts";
import type { ListColumn } from "../../ui/list-table.tsx";
import { ServerLink, StorageLink, StorageState } from "./parts.tsx";

/** The columns of a list of RAID controllers. */
export const controllerColumns: readonly ListColumn<Controller>[] = [
  {
    label: "Controller",
    sort: "model",
    width: "minmax(7rem,1.4fr)",
    cell: ({ id, model, key }) => (
      <>
        <StorageLink kind="controller" id={id} className="block truncate font-medium hover:underline">
          {model ?? key}
        </StorageLink>
        {model !== null && <span className="block truncate text-xs text-muted">{key}</span>}
      </>
    ),
  },
  {
    label: "Server",
    sort: "server",
    width: "minmax(6rem,0.9fr)",
    from: 860,
    cell: ({ serverId, serverName }) => (
      <ServerLink id={serverId} name={serverName} className="block truncate text-soft hover:underline" />
    ),
  },
  {
    label: "State",
    sort: "severity",
    down: true,
    width: "minmax(7rem,1.5fr)",
    cell: ({ state, goneAt, faults }) => (
      <>
        <StorageState state={state} goneAt={goneAt} />
        {faults.length > 0 && (
          <span className="block truncate text-xs text-muted" title={faults.join("\n")}>
            {faults.join("; ")}
          </span>
        )}
      </>
    ),
  },
  {
    label: "Battery",
    width: "minmax(6rem,1fr)",
    cell: ({ battery }) =>
      battery === null ? null : (
        <span className={battery.ok === false ? "text-crit" : ""}>
          {batteryWords(battery)}
          {battery.chargeRatio !== null && (
            <span className="block text-xs text-muted">{formatRatio(battery.chargeRatio)} charged</span>
          )}
        </span>
      ),
  },
  {
    label: "Firmware",
    width: "minmax(6rem,0.8fr)",
    from: 1180,
    cell: ({ firmware }) => firmware && <span className="block truncate">{firmware}</span>,
  },
  {
    label: "Temperature",
    sort: "temperature",
    down: true,
    num: true,
    width: "6.5rem",
    from: 860,
    cell: ({ temperatureCelsius }) => (temperatureCelsius === null ? null : `${Math.round(temperatureCelsius)} °C`),
  },
  {
    label: "Memory errors",
    num: true,
    width: "7rem",
    from: 1040,
    cell: ({ memoryErrors: { correctable, uncorrectable } }) =>
      correctable === null && uncorrectable === null ? null : (
        <span
          title={`${correctable ?? 0} corrected, ${uncorrectable ?? 0} not corrected`}
          className={uncorrectable ? "text-crit" : correctable ? "text-warn" : "text-muted"}
        >
          {formatNumber((correctable ?? 0) + (uncorrectable ?? 0))}
        </span>
      ),
  },
];

/** The tool's word for the battery; without one whether it is well. */
export function batteryWords({ state, ok }: NonNullable<Controller["battery"]>): string {
  return state ?? (ok === null ? "unknown" : ok ? "well" : "not well");
}

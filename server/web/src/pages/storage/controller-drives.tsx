import type { ControllerDrive } from "../../api/storage-types.ts";
import { formatBytes, formatNumber } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { PlainTable } from "../../ui/plain-table.tsx";
import { StorageLink, StorageState } from "./parts.tsx";
import { driveName } from "./words.ts";

const uses: Record<string, string> = { spare: "spare", free: "in no volume", passed: "given to the host" };

/** Every drive behind a controller by its slot, with its volume and what SMART says of it. */
export function ControllerDrives({ drives }: { drives: readonly ControllerDrive[] }) {
  return (
    <PlainTable
      title="Drives"
      rows={drives}
      columns={[
        { label: "Slot", cell: ({ slot }) => <span className="font-medium">{slot}</span> },
        { label: "State", cell: ({ state }) => <StorageState state={state?.toLowerCase() ?? null} /> },
        {
          label: "Volume",
          cell: ({ volume, use }) => (
            <span className="inline-flex flex-wrap items-center gap-1.5">
              {volume !== null && (
                <StorageLink kind="pool" id={volume.id}>
                  {volume.name}
                </StorageLink>
              )}
              {use !== null && uses[use] && <Badge tone={use === "spare" ? "info" : "idle"}>{uses[use]}</Badge>}
            </span>
          ),
        },
        { label: "Drive", cell: (one) => <Known one={one} /> },
        {
          label: "Errors",
          num: true,
          cell: ({ errors }) =>
            errors !== null && <span className={errors > 0 ? "text-warn" : "text-muted"}>{formatNumber(errors)}</span>,
        },
        { label: "Size", num: true, cell: ({ sizeBytes }) => sizeBytes !== null && formatBytes(sizeBytes) },
        {
          label: "Temperature",
          num: true,
          cell: ({ temperatureCelsius }) => temperatureCelsius !== null && `${Math.round(temperatureCelsius)} °C`,
        },
      ]}
    />
  );
}

function Known({ one: { drive, model, serial } }: { one: ControllerDrive }) {
  const words = [model, serial].filter(Boolean).join(" · ");
  if (drive === null) return words && <span className="text-muted">{words}</span>;
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 max-md:justify-end">
      <StorageLink kind="drive" id={drive.id}>
        {driveName(drive)}
      </StorageLink>
      <span className="text-xs text-muted">{words}</span>
      <StorageState state={drive.verdict} />
    </span>
  );
}

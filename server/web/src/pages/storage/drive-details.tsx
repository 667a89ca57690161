import type { ReactNode } from "react";
import type { DriveDetail } from "../../api/storage-types.ts";
import { formatBytes, formatCapacity, formatNumber } from "../../format/units.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { Panel } from "../../ui/page.tsx";
import { Mono } from "../../ui/plain-table.tsx";
import { Ago, When } from "../../ui/time.tsx";
import { Rows } from "../server/details.tsx";
import { mediaName } from "./words.ts";

const protocols: Record<string, string> = { ata: "ATA", nvme: "NVMe", scsi: "SCSI" };

/** What the drive is, how it is reached, and what smartctl printed. */
export function DriveDetails({ drive }: { drive: DriveDetail }) {
  const identity: [string, ReactNode][] = [
    ["Model", drive.model],
    ["Family", drive.family],
    ["Serial number", drive.serial && <Mono text={drive.serial} />],
    ["WWN", drive.wwn && <Mono text={drive.wwn} />],
    ["Firmware", drive.firmware && <Mono text={drive.firmware} />],
    [
      "Capacity",
      drive.capacityBytes !== null && `${formatCapacity(drive.capacityBytes)} (${formatBytes(drive.capacityBytes)})`,
    ],
    ["Medium", mediaName(drive.media)],
    ["Form factor", drive.formFactor],
    ["Rotation", drive.rotationRpm ? `${formatNumber(drive.rotationRpm)} rpm` : null],
    ["Blocks", blocks(drive)],
  ];
  const path: [string, ReactNode][] = [
    ["Device", drive.path && <Mono text={drive.path} />],
    ["Protocol", protocols[drive.protocol ?? ""] ?? drive.protocol],
    ["smartctl -d", drive.type && <Mono text={drive.type} />],
    ["Reached", drive.via],
    ["Slot", drive.slot],
    ["Power", drive.power],
    ["smartctl", drive.smartctlVersion],
    ["Read", <When key="read" at={drive.measuredAt} />],
    ["Accepted counters", drive.baseline && accepted(drive)],
    ["Key", <Mono key="key" text={drive.key} />],
  ];
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Panel title="Identity">
        <Rows rows={identity.filter(([, value]) => Boolean(value))} />
      </Panel>
      <Panel title="How it is read">
        <Rows rows={path.filter(([, value]) => Boolean(value))} />
      </Panel>
      {drive.messages.length > 0 && (
        <Panel title="Messages of smartctl">
          <ul className="divide-y divide-line">
            {drive.messages.map(({ text, severity }) => (
              <li key={text} className="flex gap-3 px-3 py-1.5">
                <span className="text-muted">{severity}</span> <span className="min-w-0">{text}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="What smartctl printed" className="lg:col-span-2">
        <div className="p-3">
          {drive.raw === null ? (
            <p className="text-muted">
              {drive.rawProblem === "" ? "Its agent sent none yet." : `It ${drive.rawProblem}.`}
            </p>
          ) : (
            <>
              <p className="mb-1 text-muted">
                As of <Ago at={drive.rawAt} />. It is kept when the verdict or an error counter changes, else every 6
                hours.
              </p>
              <JsonView label="Show the JSON" value={drive.raw} />
            </>
          )}
        </div>
      </Panel>
    </div>
  );
}

function blocks({ logicalBlockBytes, physicalBlockBytes }: DriveDetail): string | null {
  if (logicalBlockBytes === null) return null;
  const physical = physicalBlockBytes === null ? "" : `, physical ${formatBytes(physicalBlockBytes)}`;
  return `logical ${formatBytes(logicalBlockBytes)}${physical}`;
}

function accepted(drive: DriveDetail): ReactNode {
  const counts = Object.entries(drive.baseline?.counts ?? {});
  return (
    <>
      {counts.map(([key, count]) => `${key} ${formatNumber(count)}`).join(", ") || "none"}
      {drive.baseline?.at && (
        <span className="text-muted">
          {" "}
          (<Ago at={drive.baseline.at} />)
        </span>
      )}
    </>
  );
}

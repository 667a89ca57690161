import type { Drive } from "../../api/storage-types.ts";
import { formatAge, formatBytes, formatCapacity, formatNumber, formatRatio } from "../../format/units.ts";
import type { ListColumn } from "../../ui/list-table.tsx";
import { Meter } from "../../ui/meter.tsx";
import { limit } from "../../ui/tiles.tsx";
import { Ago } from "../../ui/time.tsx";
import { ServerLink, StorageLink, StorageState } from "./parts.tsx";
import { driveName, mediaName } from "./words.ts";

const tones = { warn: "text-warn", crit: "text-crit" };

/** The columns of a list of drives. */
export const driveColumns: readonly ListColumn<Drive>[] = [
  { label: "Drive", sort: "device", width: "minmax(11rem,1.8fr)", cell: (drive) => <Name drive={drive} /> },
  {
    label: "Server",
    sort: "server",
    width: "minmax(6rem,0.8fr)",
    from: 860,
    cell: ({ serverId, serverName }) => (
      <ServerLink id={serverId} name={serverName} className="block truncate text-soft hover:underline" />
    ),
  },
  {
    label: "Verdict",
    sort: "severity",
    down: true,
    width: "minmax(9rem,1.5fr)",
    cell: (drive) => <Verdict drive={drive} />,
  },
  {
    label: "Wear",
    sort: "wear",
    down: true,
    width: "6.75rem",
    from: 1100,
    cell: ({ wearRatio }) => (wearRatio === null ? null : <Meter value={wearRatio} label="Used endurance" />),
  },
  {
    label: "Size",
    sort: "capacity",
    down: true,
    num: true,
    width: "5rem",
    from: 960,
    cell: ({ capacityBytes, media }) => (
      <>
        {formatCapacity(capacityBytes)}
        {media !== null && <span className="block text-xs text-muted">{mediaName(media)}</span>}
      </>
    ),
  },
  {
    label: "Temperature",
    sort: "temperature",
    down: true,
    num: true,
    width: "6rem",
    cell: (drive) => <Temperature drive={drive} />,
  },
  {
    label: "Powered",
    tableOnly: true,
    sort: "hours",
    down: true,
    num: true,
    width: "5.5rem",
    from: 1200,
    cell: ({ powerOnSeconds }) => (powerOnSeconds === null ? null : formatAge(powerOnSeconds)),
  },
  {
    label: "Written",
    tableOnly: true,
    sort: "written",
    down: true,
    num: true,
    width: "5.5rem",
    from: 1760,
    cell: ({ writtenBytes }) => (writtenBytes === null ? null : formatBytes(writtenBytes)),
  },
  {
    label: "Reallocated",
    tableOnly: true,
    sort: "reallocated",
    down: true,
    num: true,
    width: "5.75rem",
    from: 1640,
    cell: ({ reallocatedSectors }) => counted(reallocatedSectors),
  },
  {
    label: "Pending",
    tableOnly: true,
    sort: "pending",
    down: true,
    num: true,
    width: "4.5rem",
    from: 1520,
    cell: ({ pendingSectors }) => counted(pendingSectors),
  },
];

function Name({ drive }: { drive: Drive }) {
  const name = driveName(drive);
  const about = [drive.model, drive.serial].filter((part) => part !== null && part !== name);
  return (
    <>
      <StorageLink kind="drive" id={drive.id} className="block truncate font-medium hover:underline">
        {name}
      </StorageLink>
      <span className="block truncate text-xs text-muted" title={about.join(" · ")}>
        {about.join(" · ")}
      </span>
    </>
  );
}

function Verdict({ drive }: { drive: Drive }) {
  const [reason] = drive.reasons;
  const more = drive.reasons.filter(({ severity }) => severity !== "info").length - 1;
  const shown = drive.verdict !== "healthy" && drive.goneAt === null ? reason : undefined;
  return (
    <>
      <StorageState state={drive.verdict} goneAt={drive.goneAt} />
      {shown !== undefined && (
        <span
          className="block truncate text-xs text-muted max-md:whitespace-normal"
          title={drive.reasons.map(({ text }) => text).join("\n")}
        >
          {more > 0 && <>+{more} · </>}
          {shown.text}
        </span>
      )}
      {shown === undefined && drive.selfTest.running !== null && (
        <span className="block text-xs text-muted">self-test {formatRatio(drive.selfTest.running.progressRatio)}</span>
      )}
    </>
  );
}

function Temperature({ drive }: { drive: Drive }) {
  const { temperatureCelsius: now, temperatureLimitCelsius: most } = drive;
  if (now === null) return <span className="text-muted">–</span>;
  const tone = most === null ? undefined : limit(now - most, -5, 0.5);
  return (
    <span className={tone ? tones[tone] : ""} title={most === null ? "" : `Its limit is ${most} °C`}>
      {Math.round(now)} °C
      {drive.stale && drive.measuredAt !== null && (
        <span className="block text-xs text-muted">
          <Ago at={drive.measuredAt} />
        </span>
      )}
    </span>
  );
}

/** A count that should be 0. */
function counted(count: number | null) {
  if (count === null) return null;
  return <span className={count > 0 ? "text-warn" : "text-muted"}>{formatNumber(count)}</span>;
}

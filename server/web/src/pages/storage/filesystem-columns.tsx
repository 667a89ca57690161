import type { Filesystem } from "../../api/storage-types.ts";
import { formatBytes } from "../../format/units.ts";
import type { ListColumn } from "../../ui/list-table.tsx";
import { Meter } from "../../ui/meter.tsx";
import { confidenceWord, fullSentence, fullShort } from "./forecast-words.ts";
import { ServerLink, StorageLink, StorageState } from "./parts.tsx";

/** The columns of a list of filesystems. */
export const filesystemColumns: readonly ListColumn<Filesystem>[] = [
  { label: "Mounted on", sort: "mountPoint", width: "minmax(10rem,1.7fr)", cell: (row) => <Name filesystem={row} /> },
  {
    label: "Server",
    sort: "server",
    width: "minmax(6rem,0.9fr)",
    from: 940,
    cell: ({ serverId, serverName }) => (
      <ServerLink id={serverId} name={serverName} className="block truncate text-soft hover:underline" />
    ),
  },
  {
    label: "State",
    sort: "state",
    width: "minmax(6.5rem,0.7fr)",
    cell: ({ state, goneAt }) => <StorageState state={state} goneAt={goneAt} />,
  },
  {
    label: "Used",
    sort: "usedRatio",
    down: true,
    width: "minmax(7.5rem,1fr)",
    cell: ({ usedRatio }) => (usedRatio === null ? null : <Meter wide value={usedRatio} label="Used" />),
  },
  {
    label: "Inodes",
    sort: "inodes",
    down: true,
    width: "6.75rem",
    from: 1360,
    cell: ({ inodesUsedRatio }) =>
      inodesUsedRatio === null ? null : <Meter value={inodesUsedRatio} label="Used inodes" />,
  },
  {
    label: "Free",
    sort: "available",
    num: true,
    width: "5.5rem",
    from: 1040,
    cell: ({ availableBytes }) => (availableBytes === null ? null : formatBytes(availableBytes)),
  },
  {
    label: "Size",
    sort: "size",
    down: true,
    num: true,
    width: "5.5rem",
    from: 1150,
    cell: ({ sizeBytes }) => (sizeBytes === null ? null : formatBytes(sizeBytes)),
  },
  { label: "Full", sort: "fullAt", num: true, width: "minmax(6rem,0.8fr)", from: 860, cell: (row) => full(row) },
];

function Name({ filesystem }: { filesystem: Filesystem }) {
  return (
    <>
      <StorageLink kind="filesystem" id={filesystem.id} className="block truncate font-medium hover:underline">
        {filesystem.mountPoint}
      </StorageLink>
      <span className="block truncate text-xs text-muted">
        {[filesystem.type, filesystem.device].filter(Boolean).join(" · ")}
      </span>
    </>
  );
}

function full(filesystem: Filesystem) {
  const { forecast } = filesystem;
  const text = fullShort(forecast);
  if (forecast === null || text === null) return null;
  const hours = forecast.hoursLeft ?? Number.POSITIVE_INFINITY;
  const sure = forecast.confidence >= 0.6;
  const tone = !Number.isFinite(hours)
    ? "text-muted"
    : sure && hours <= 72
      ? "text-crit"
      : sure && hours <= 336
        ? "text-warn"
        : "";
  return (
    <span className={tone} title={fullSentence(filesystem)}>
      {text}
      {Number.isFinite(hours) && hours > 0 && (
        <span className="block text-xs text-muted">{confidenceWord(forecast.confidence)}</span>
      )}
    </span>
  );
}

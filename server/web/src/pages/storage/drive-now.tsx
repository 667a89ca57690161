import type { DriveDetail } from "../../api/storage-types.ts";
import { formatAge, formatBytes, formatNumber, formatRatio, formatWhole } from "../../format/units.ts";
import { Meter } from "../../ui/meter.tsx";
import { given, limit, type Tile, Tiles, when } from "../../ui/tiles.tsx";
import { temperatureSentence, wearSentence } from "./forecast-words.ts";

/** The figures of a drive that matter now, and what they lead to. */
export function DriveNow({ drive }: { drive: DriveDetail }) {
  const v = drive.latest?.values ?? {};
  const sentences = [wearSentence(drive.forecast), temperatureSentence(drive.forecast)].filter((each) => each !== null);
  return (
    <>
      <Tiles
        tiles={[temperature(drive), wear(drive), hours(drive, v), traffic(drive), sectors(drive, v), errors(drive, v)]}
      />
      {sentences.length > 0 && (
        <section aria-label="Forecast" className="panel mb-3 px-3 py-2">
          {sentences.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </section>
      )}
    </>
  );
}

function temperature(drive: DriveDetail): Tile | null {
  const { lifetimeMinCelsius: least, lifetimeMaxCelsius: most } = drive.temperature;
  const warns = drive.temperatureLimitCelsius;
  return when(drive.temperatureCelsius, (now) => ({
    label: "Temperature",
    value: `${Math.round(now)} °C`,
    sub: (
      <>
        {warns !== null && <span className="block">limit {warns} °C</span>}
        {most !== null && (
          <span className="block">
            ever {least === null ? "" : `${least} to `}
            {most} °C
          </span>
        )}
      </>
    ),
    tone: warns === null ? undefined : limit(now - warns, -5, 0.5),
  }));
}

function wear(drive: DriveDetail): Tile | null {
  const { spareRatio, spareMinRatio } = drive.wear;
  return when(drive.wearRatio, (used) => ({
    label: "Endurance used",
    value: formatRatio(used),
    sub: (
      <>
        <Meter wide value={used} label="Used endurance" />
        {spareRatio !== null && (
          <span className="block">
            spare blocks {formatRatio(spareRatio)}
            {spareMinRatio !== null && `, least ${formatRatio(spareMinRatio)}`}
          </span>
        )}
      </>
    ),
    tone: limit(used, 0.8, 0.9),
  }));
}

function hours(drive: DriveDetail, v: Record<string, number | null>): Tile | null {
  return when(drive.powerOnSeconds, (seconds) => ({
    label: "Under power",
    value: formatAge(seconds),
    sub: (
      <>
        <span className="block">{formatWhole(Math.round(seconds / 3600))} hours</span>
        {given(v.power_cycles) && <span className="block">switched on {formatNumber(v.power_cycles)} times</span>}
      </>
    ),
  }));
}

function traffic(drive: DriveDetail): Tile | null {
  const { writtenBytes, readBytes, capacityBytes } = drive;
  return when(writtenBytes, (written) => ({
    label: "Written",
    value: formatBytes(written),
    sub: (
      <>
        {capacityBytes !== null && capacityBytes > 0 && (
          <span className="block">its size {formatNumber(written / capacityBytes)} times</span>
        )}
        {readBytes !== null && <span className="block">read {formatBytes(readBytes)}</span>}
      </>
    ),
  }));
}

function sectors(drive: DriveDetail, v: Record<string, number | null>): Tile | null {
  const { reallocatedSectors, pendingSectors } = drive;
  if (reallocatedSectors === null && pendingSectors === null) return null;
  const bad = (reallocatedSectors ?? 0) + (pendingSectors ?? 0);
  return {
    label: drive.protocol === "scsi" ? "Grown defects" : "Bad sectors",
    value: formatNumber(bad),
    sub: (
      <>
        {reallocatedSectors !== null && pendingSectors !== null && (
          <span className="block">
            {formatNumber(reallocatedSectors)} replaced, {formatNumber(pendingSectors)} waiting
          </span>
        )}
        {given(v.offline_uncorrectable) && v.offline_uncorrectable > 0 && (
          <span className="block">{formatNumber(v.offline_uncorrectable)} not readable</span>
        )}
      </>
    ),
    tone: bad > 0 ? "warn" : undefined,
  };
}

function errors(drive: DriveDetail, v: Record<string, number | null>): Tile | null {
  const crc = v.interface_crc_errors;
  return when(drive.uncorrectable, (count) => ({
    label: "Uncorrectable errors",
    value: formatNumber(count),
    sub: given(crc) && `${formatNumber(crc)} transfer (CRC) errors`,
    tone: count > 0 ? "crit" : given(crc) && crc > 0 ? "warn" : undefined,
  }));
}

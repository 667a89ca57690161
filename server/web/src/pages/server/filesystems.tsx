import { Link } from "@tanstack/react-router";
import type { Resource } from "../../api/types.ts";
import { formatBytes } from "../../format/units.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Panel } from "../../ui/page.tsx";

const stateWords: Record<string, string> = { rw: "writable", ro: "read-only", stuck: "not answering" };

/** Mounted filesystems, the fullest first. */
export function Filesystems({ resources }: { resources: Resource[] }) {
  const rows = resources
    .filter((one) => one.kind === "filesystem" && one.goneAt === null)
    .sort((a, b) => (b.latest?.values.used_ratio ?? 0) - (a.latest?.values.used_ratio ?? 0));
  if (rows.length === 0) return null;
  return (
    <Panel title="Filesystems" className="mt-3">
      <table className="data">
        <thead>
          <tr>
            <th>Mounted on</th>
            <th>Device</th>
            <th>State</th>
            <th className="w-1/4">Used</th>
            <th className="num">Free</th>
            <th className="num">Size</th>
            <th className="num">Inodes</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const values = row.latest?.values ?? {};
            const device = text(row.labels.device ?? row.attributes.device);
            const type = text(row.labels.fstype ?? row.labels.type ?? row.attributes.fstype ?? row.attributes.type);
            return (
              <tr key={row.id}>
                <td>
                  <Link
                    to="/storage/filesystems/$id"
                    params={{ id: String(row.id) }}
                    className="font-medium hover:underline"
                  >
                    {row.key}
                  </Link>
                </td>
                <td data-label="Device" className="text-muted">
                  {[device, type].filter(Boolean).join(" · ")}
                </td>
                <td data-label="State">
                  {row.state && <StateDot state={row.state}>{stateWords[row.state] ?? row.state}</StateDot>}
                </td>
                <td data-label="Used">
                  <Meter wide value={values.used_ratio} label={`Used share of ${row.key}`} />
                </td>
                <td data-label="Free" className="num">
                  {formatBytes(values.available_bytes)}
                </td>
                <td data-label="Size" className="num">
                  {formatBytes(values.size_bytes)}
                </td>
                <td data-label="Inodes" className="num">
                  <Meter value={values.inodes_used_ratio} label={`Used share of inodes of ${row.key}`} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

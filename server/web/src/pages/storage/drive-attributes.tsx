import { useState } from "react";
import type { DriveAttribute, DriveDetail } from "../../api/storage-types.ts";
import { formatWhole, missing } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { Panel, Segments } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";

/** Below its threshold, now or once, or a count that should be 0 and that nobody accepted. */
export function isAmiss({ whenFailed, critical, decoded, accepted, key }: DriveAttribute): boolean {
  if (whenFailed !== null && whenFailed !== "") return true;
  return critical && !noCounts.has(key) && decoded !== null && decoded > (accepted ?? 0);
}

/** Marked as critical, but not counts. */
const noCounts = new Set(["nvme:available_spare", "nvme:percentage_used", "scsi:percentage_used"]);

/** All that the drive tells of itself, with what each means. */
export function Attributes({ drive }: { drive: DriveDetail }) {
  const [which, setWhich] = useState<"all" | "critical" | "amiss">("all");
  const { attributes } = drive;
  if (attributes.length === 0) {
    return (
      <Panel>
        <EmptyState title="No attributes are known">
          The drive told none, or was not read yet. Drives behind some USB bridges and RAID controllers tell none.
        </EmptyState>
      </Panel>
    );
  }
  const shown = attributes.filter((one) =>
    which === "all" ? true : which === "critical" ? one.critical : isAmiss(one),
  );
  // NVMe and SCSI have neither normalised values nor thresholds.
  const normalised = attributes.some(({ value }) => value !== null);
  return (
    <Panel
      title="Attributes"
      actions={
        <Segments
          label="Which attributes"
          value={which}
          options={[
            { value: "all", label: `All ${attributes.length}` },
            { value: "critical", label: "Critical" },
            { value: "amiss", label: `Amiss ${attributes.filter(isAmiss).length}` },
          ]}
          onChange={setWhich}
        />
      }
    >
      {shown.length === 0 ? (
        <EmptyState icon="check" title="None is amiss" />
      ) : (
        <table className="data" aria-label="Attributes">
          <thead>
            <tr>
              <th className="num w-12">Id</th>
              <th>Attribute</th>
              {normalised && <th className="num w-16">Value</th>}
              {normalised && <th className="num w-16">Worst</th>}
              {normalised && <th className="num w-20">Threshold</th>}
              <th className="num">Raw</th>
              <th className="w-56">Flags</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((attribute) => (
              <Row key={attribute.key} attribute={attribute} normalised={normalised} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Row({ attribute, normalised }: { attribute: DriveAttribute; normalised: boolean }) {
  const { id, key, name, value, worst, threshold, meaning } = attribute;
  const amiss = isAmiss(attribute);
  return (
    <tr className={amiss ? "bg-warn-soft/40" : ""}>
      <td className="num text-muted max-md:hidden!">{id ?? ""}</td>
      <td title={meaning ?? key}>
        {meaning === null ? (
          <span className="font-medium">{readable(name)}</span>
        ) : (
          <details className="min-w-0">
            <summary className="w-fit rounded font-medium">{readable(name)}</summary>
            <p className="mt-1 max-w-prose text-soft">{meaning}</p>
          </details>
        )}
      </td>
      {normalised && (
        <td
          data-label="Value"
          className={`num ${value !== null && threshold !== null && threshold > 0 && value <= threshold ? "text-crit" : ""}`}
        >
          <span>
            {value ?? missing}
            <span className="text-muted md:hidden">
              , worst {worst ?? missing}, threshold {threshold ?? missing}
            </span>
          </span>
        </td>
      )}
      {normalised && (
        <td
          data-label="Worst"
          className={`num max-md:hidden! ${worst !== null && threshold !== null && threshold > 0 && worst <= threshold ? "text-warn" : "text-muted"}`}
        >
          {worst ?? missing}
        </td>
      )}
      {normalised && (
        <td data-label="Threshold" className="num text-muted max-md:hidden!">
          {threshold ?? missing}
        </td>
      )}
      <td data-label="Raw" className="num">
        <Raw attribute={attribute} />
      </td>
      <td
        {...(hasFlags(attribute) && { "data-label": "Flags" })}
        className={hasFlags(attribute) ? "" : "max-md:hidden!"}
      >
        <Flags attribute={attribute} />
      </td>
    </tr>
  );
}

function Raw({ attribute: { decoded, raw, rawText } }: { attribute: DriveAttribute }) {
  const shown = decoded ?? raw;
  const other = rawText !== null && rawText !== String(shown) ? rawText : null;
  return (
    <span title={raw === null ? undefined : `raw ${raw}`}>
      {shown === null ? (other ?? missing) : formatWhole(shown)}
      {shown !== null && other !== null && <span className="block text-xs whitespace-normal text-muted">{other}</span>}
    </span>
  );
}

function hasFlags({ whenFailed, critical, prefailure, accepted }: DriveAttribute): boolean {
  return Boolean(whenFailed) || critical || prefailure === true || accepted !== null;
}

function Flags({ attribute }: { attribute: DriveAttribute }) {
  const { whenFailed, critical, prefailure, accepted } = attribute;
  return (
    <span className="inline-flex flex-wrap gap-1 max-md:justify-end">
      {whenFailed === "now" && <Badge tone="crit">failed now</Badge>}
      {whenFailed === "past" && <Badge tone="warn">failed once</Badge>}
      {critical && (
        <Badge tone={isAmiss(attribute) ? "warn" : "info"} title="It weighs in the verdict">
          critical
        </Badge>
      )}
      {prefailure === true && (
        <Badge title="At its threshold the drive is about to fail, not merely old">pre-failure</Badge>
      )}
      {accepted !== null && (
        <Badge title="Acknowledged: only a rise over it counts">accepted {formatWhole(accepted)}</Badge>
      )}
    </span>
  );
}

/** `Current_Pending_Sector` -> `Current Pending Sector`. */
function readable(name: string): string {
  return name.replaceAll("_", " ");
}

import { type Json, listAt, numberAt, textAt } from "./json.ts";
import type { Device, Identity } from "./types.ts";

const raidSlot = /^(?:megaraid|3ware|areca|cciss|aacraid|hpt|sssraid|jmb39x|jmb39x-q2?|jms56x|intelliprop),.+$/;

/** Who the drive is, and behind what it sits. */
export function readIdentity(json: Json): { identity: Identity; device: Device } {
  const name = textAt(json, "device", "name");
  const type = textAt(json, "device", "type");
  const slot = slotOf(type);
  const usb = /\busb/i.test(`${type} ${textAt(json, "device", "info_name")}`) || /^(?:usb|snt)/.test(type ?? "");
  const model = textAt(json, "model_name") ?? textAt(json, "scsi_model_name") ?? vendorAndProduct(json);
  const serial = textAt(json, "serial_number");
  const wwn = readWwn(json);
  // Without a serial number only the place tells two drives of a model apart.
  const place = serial === null && wwn === null ? name : null;
  return {
    identity: {
      model,
      family: textAt(json, "model_family"),
      serial,
      wwn,
      slot,
      firmware: textAt(json, "firmware_version") ?? textAt(json, "scsi_revision") ?? textAt(json, "revision"),
      key: [model, serial, wwn, slot, place].map((part) => encodeURIComponent(wellFormed(part ?? ""))).join("/"),
    },
    device: { name, type, via: slot ? "raid" : usb ? "usb" : "direct" },
  };
}

/** "megaraid,8" of "sat+megaraid,8"; null for a drive that no controller hides. */
export function slotOf(type: string | null): string | null {
  return type?.split("+").find((part) => raidSlot.test(part)) ?? null;
}

function vendorAndProduct(json: Json): string | null {
  const parts = [
    textAt(json, "scsi_vendor") ?? textAt(json, "vendor"),
    textAt(json, "scsi_product") ?? textAt(json, "product"),
  ];
  return parts.filter((part) => part !== null).join(" ") || null;
}

function readWwn(json: Json): string | null {
  const parts = [
    hex(numberAt(json, "wwn", "naa"), 1),
    hex(numberAt(json, "wwn", "oui"), 6),
    hex(numberAt(json, "wwn", "id"), 9),
  ];
  if (parts.every((part) => part !== null)) return `0x${parts.join("")}`;
  const unit = textAt(json, "logical_unit_id");
  if (unit && /^0x[0-9a-f]+$/i.test(unit)) return unit.toLowerCase();
  for (const namespace of listAt(1, json, "nvme_namespaces")) {
    const oui = numberAt(namespace, "eui64", "oui");
    const rest = numberAt(namespace, "eui64", "ext_id");
    const [left, right] = [hex(oui, 6), hex(rest, 10)];
    if (left && right && (oui !== 0 || rest !== 0)) return `eui.${left}${right}`;
  }
  return null;
}

function hex(value: number | null, digits: number): string | null {
  if (value === null || !Number.isSafeInteger(value) || value < 0) return null;
  const text = value.toString(16);
  return text.length > digits ? null : text.padStart(digits, "0");
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/g, "\uFFFD");
}

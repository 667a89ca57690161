/** Model and serial number out of a drive's key: `WDC%20WD40EFRX/WD-1//` -> `WDC WD40EFRX WD-1`. */
export function driveKeyName(key: string): string {
  const parts = key.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return parts.slice(0, 2).filter(Boolean).join(" ") || parts.filter(Boolean).join(" ") || key;
}

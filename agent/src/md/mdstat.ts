/** An array as /proc/mdstat shows it. What it does not show is absent; sizes in KiB as there. */
export type MdstatArray = {
  name: string;
  /** "active", "inactive", "broken" ... */
  activity: string;
  /** "read-only", "auto-read-only" or empty. */
  readOnly: string;
  level?: string;
  /** "1.2", "external:imsm", "external:/md127/0"; "0.90" where it says none. */
  metadata: string;
  devices: MdstatDevice[];
  sizeKib?: number;
  /** Of "[4/3]": how many there should be and how many work. */
  wanted?: number;
  working?: number;
  scan?: MdstatScan;
};

/** `number` is the device's, not its slot. Flags: F faulty, S spare, W write-mostly, J journal, R replacement. */
export type MdstatDevice = { name: string; number: number; flags: string };

/** `waiting` is "DELAYED" or "PENDING"; then there is no progress. */
export type MdstatScan = {
  action: string;
  waiting?: string;
  doneKib?: number;
  totalKib?: number;
  ratio?: number;
  remainingSeconds?: number;
  kibPerSecond?: number;
};

const header = /^(\S+) : (active|inactive|broken|clear|suspended|write-pending)\b(.*)$/;
const device = /^(\S+)\[(\d+)\]((?:\([A-Z]\))*)$/;

/** The arrays in the text of /proc/mdstat; lines that make no sense are left out. Never throws. */
export function parseMdstat(text: string): MdstatArray[] {
  const arrays: MdstatArray[] = [];
  let array: MdstatArray | undefined;
  for (const line of text.split("\n")) {
    const found = header.exec(line);
    if (found !== null) {
      array = parseHeader(found[1] as string, found[2] as string, found[3] as string);
      arrays.push(array);
    } else if (/^(Personalities|unused devices)\b/.test(line) || line.trim() === "") array = undefined;
    else if (array !== undefined) parseDetail(line.trim(), array);
  }
  return arrays;
}

function parseHeader(name: string, activity: string, rest: string): MdstatArray {
  const array: MdstatArray = { name, activity, readOnly: "", metadata: "0.90", devices: [] };
  for (const word of rest.trim().split(/ +/)) {
    const found = device.exec(word);
    if (found !== null) {
      const flags = (found[3] as string).replace(/[()]/g, "");
      array.devices.push({ name: found[1] as string, number: Number(found[2]), flags });
    } else if (word === "(read-only)" || word === "(auto-read-only)") array.readOnly = word.slice(1, -1);
    else if (/^[a-z][\w-]*$/.test(word) && array.level === undefined) array.level = word;
  }
  return array;
}

function parseDetail(line: string, array: MdstatArray): void {
  const blocks = /^(\d+) blocks\b/.exec(line);
  if (blocks !== null) {
    array.sizeKib = Number(blocks[1]);
    array.metadata = /\bsuper (\S+)/.exec(line)?.[1] ?? array.metadata;
    const counts = / \[(\d+)\/(\d+)\]/.exec(line);
    if (counts !== null) {
      array.wanted = Number(counts[1]);
      array.working = Number(counts[2]);
    }
    return;
  }
  const waiting = /\b(resync|recovery|reshape|check|repair) ?= ?(DELAYED|PENDING|REMOTE)/.exec(line);
  if (waiting !== null) {
    array.scan = { action: waiting[1] as string, waiting: waiting[2] as string };
    return;
  }
  const running = /\b(resync|recovery|reshape|check|repair) *= *([\d.]+)% \((\d+)\/(\d+)\)/.exec(line);
  if (running === null) return;
  const finish = /\bfinish=([\d.]+)min/.exec(line)?.[1];
  const speed = /\bspeed=(\d+)K\/sec/.exec(line)?.[1];
  array.scan = {
    action: running[1] as string,
    ratio: Math.min(1, Number(running[2]) / 100),
    doneKib: Number(running[3]),
    totalKib: Number(running[4]),
    ...(finish === undefined ? {} : { remainingSeconds: Number(finish) * 60 }),
    ...(speed === undefined ? {} : { kibPerSecond: Number(speed) }),
  };
}

/** A part of the page that did not come. `newer`: the entry of another version that the server has by now. */
export class PartMissing extends Error {
  readonly newer: string | null;
  constructor(cause: unknown, newer: string | null) {
    super("A part of the page could not be loaded", { cause });
    this.name = "PartMissing";
    this.newer = newer;
  }
}

/** What loading needs of the browser. */
export type Around = {
  /** The entry of the page as the server has it now; null where it does not say. */
  servedEntry: () => Promise<string | null>;
  /** The entry that runs. */
  ownEntry: () => string | null;
  wait: (ms: number) => Promise<void>;
};

const waits = [500, 1_500];

/**
 * Loads a part of the page, several times where the network fails. Throws PartMissing: at once where the server has
 * another version, whose parts have other names. What fails in the part's own code is thrown as it is.
 */
export async function loadPart<T>(load: () => Promise<T>, around: Around = inBrowser): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await load();
    } catch (error) {
      // A module that can't be fetched is a TypeError in every browser.
      if (!(error instanceof TypeError)) throw error;
      const [own, served] = [around.ownEntry(), await around.servedEntry()];
      const newer = own !== null && served !== null && served !== own ? served : null;
      const ms = waits[tries];
      if (newer !== null || ms === undefined) throw new PartMissing(error, newer);
      await around.wait(ms);
    }
  }
}

const inBrowser: Around = {
  ownEntry: () => entryOf(document),
  servedEntry: async () => {
    try {
      const signal = AbortSignal.timeout(5_000);
      const answer = await fetch("/", { cache: "no-store", headers: { accept: "text/html" }, signal });
      return answer.ok ? entryOf(new DOMParser().parseFromString(await answer.text(), "text/html")) : null;
    } catch {
      return null;
    }
  },
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

function entryOf(page: Document): string | null {
  return page.querySelector("script[type=module][src]")?.getAttribute("src") ?? null;
}

const key = "fairlead-reloaded-for";

/**
 * Whether the page may load itself anew to get this version: once for each, so that servers of different versions behind
 * one address never make it go round. Remembers the answer; false where the browser remembers nothing.
 */
export function mayReloadFor(entry: string, store: () => Pick<Storage, "getItem" | "setItem">): boolean {
  try {
    const before = (store().getItem(key) ?? "").split(" ");
    if (before.includes(entry)) return false;
    store().setItem(key, [...before, entry].slice(-50).join(" ").trim());
    return true;
  } catch {
    return false;
  }
}

/** Outcome of a finished subprocess. `code` is null when a signal ended it. */
export type Finished = { code: number | null; signal: string | null; stdout: string; stderr: string };

/**
 * All that collectors may ask of the machine. Paths are absolute as on the host and are looked up under `root`, so that
 * tests and containers can point elsewhere.
 */
export type Host = {
  root: string;
  /** Reads a small text file at once (/proc, /sys); undefined where it does not exist. Throws on other errors. */
  readText(path: string): string | undefined;
  /** Names in a folder, unsorted; undefined where it does not exist. */
  readDir(path: string): string[] | undefined;
  /** Target of a symbolic link; undefined where there is none. */
  readLink(path: string): string | undefined;
  /** statfs in the thread pool: a hung mount rejects at the deadline, and is not asked again before it has answered. */
  statfs(path: string, deadlineMs: number): Promise<StatFs>;
  /** Runs a program without a shell, LC_ALL=C; kills it at the deadline or the signal. Rejects when it can't start. */
  run(
    file: string,
    args: readonly string[],
    options: { deadlineMs: number; maxBytes?: number; signal?: AbortSignal },
  ): Promise<Finished>;
};

/** Numbers in bytes and inodes. */
export type StatFs = {
  blockSize: number;
  blocks: number;
  free: number;
  available: number;
  files: number;
  freeFiles: number;
};

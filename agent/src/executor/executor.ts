import type { pb } from "@fairlead/proto";

/** What the stream needs of the executor. */
export type Executor = {
  /** Takes a command from the server: journals it, then runs it; a known id is answered from the journal. */
  handle(command: pb.Command.$Shape): void;
  /**
   * The same for a command that was given on this host: bound by the host's settings as well, but told to `events` alone.
   * The server never hears of it. Its id has to be new.
   */
  handleLocal(command: pb.Command.$Shape, events: ExecutorEvents): void;
  cancel(id: string): void;
  /** The server has stored the result: forget it. */
  confirm(id: string): void;
  /** Results not yet confirmed, to be sent again after each Welcome. */
  unconfirmed(): pb.CommandResult.$Properties[];
  /** Command types that the host allows. */
  allowed(): string[];
  /** Finishes or undoes what the journal shows as begun; called once before the first session. */
  recover(): Promise<void>;
  stop(): Promise<void>;
};

/** Where the executor reports to; never throws, drops when there is no session (results are asked for again). */
export type ExecutorEvents = {
  progress(progress: pb.CommandProgress.$Properties): void;
  result(result: pb.CommandResult.$Properties): void;
};

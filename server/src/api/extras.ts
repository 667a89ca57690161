/** What a server knows beside its context; every part may be left out in tests. */
export type AppExtras = {
  version?: string;
  /** Folder of the built page; default server/web/dist. */
  webDir?: string;
  /** Folder of the agent binaries; default agent/dist. */
  agentDir?: string;
  /** The install script; default install.sh at the top. */
  installScript?: string;
  /** False until the gRPC listener is open. */
  isGrpcReady?: () => boolean;
  /** Parses every JSON answer by its documented schema and fails the request where it differs; for tests. */
  checkAnswers?: boolean;
};

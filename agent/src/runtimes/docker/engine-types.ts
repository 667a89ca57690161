// The parts of the engine's JSON that are read; all else is passed on as it came.
// https://docs.docker.com/reference/api/engine/version/v1.51/

export type Healthcheck = {
  Test?: string[] | null;
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
};

type PathSet = Record<string, object> | null;

/** Settings of a container or defaults of an image. */
export type EngineConfig = {
  Hostname?: string;
  Domainname?: string;
  Image?: string;
  User?: string;
  Env?: string[] | null;
  Labels?: Record<string, string> | null;
  ExposedPorts?: PathSet;
  Volumes?: PathSet;
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  WorkingDir?: string;
  StopSignal?: string;
  Healthcheck?: Healthcheck | null;
  MacAddress?: string;
  [key: string]: unknown;
};

export type EngineMount = {
  Type?: string;
  Name?: string;
  Source?: string;
  Destination: string;
  Mode?: string;
  RW?: boolean;
};

export type EngineHostConfig = {
  NetworkMode?: string;
  IpcMode?: string;
  PidMode?: string;
  UTSMode?: string;
  AutoRemove?: boolean;
  Privileged?: boolean;
  Binds?: string[] | null;
  Mounts?: { Type?: string; Source?: string; Target?: string; [key: string]: unknown }[] | null;
  Tmpfs?: Record<string, string> | null;
  VolumesFrom?: string[] | null;
  Links?: string[] | null;
  PortBindings?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null;
  RestartPolicy?: { Name: string; MaximumRetryCount?: number };
  Runtime?: string;
  LogConfig?: { Type?: string; Config?: Record<string, string> | null };
  MaskedPaths?: string[] | null;
  ReadonlyPaths?: string[] | null;
  Memory?: number;
  [key: string]: unknown;
};

export type EngineEndpoint = {
  IPAMConfig?: Record<string, unknown> | null;
  Links?: string[] | null;
  Aliases?: string[] | null;
  DriverOpts?: Record<string, string> | null;
  GwPriority?: number;
  NetworkID?: string;
  MacAddress?: string;
};

export type EngineContainer = {
  /** Podman: name of the pod that it is part of. */
  Pod?: string;
  /** Podman: ids of the containers that have to be there as long as it is, for whatever reason. */
  Requires?: string[];
  /** Podman: options that its API would lose. */
  LostOptions?: string[];
  Id: string;
  Name: string;
  Created?: string;
  Image: string;
  RestartCount?: number;
  State: {
    Status?: string;
    Running?: boolean;
    Paused?: boolean;
    OOMKilled?: boolean;
    Pid?: number;
    ExitCode?: number;
    Error?: string;
    StartedAt?: string;
    FinishedAt?: string;
    Health?: { Status?: string; Log?: { Output?: string }[] | null } | null;
  };
  Config: EngineConfig;
  HostConfig: EngineHostConfig;
  Mounts?: EngineMount[] | null;
  /** The writable layer is UpperDir (overlay2) or Dir; engines with containerd's image store don't tell it. */
  GraphDriver?: { Name?: string; Data?: Record<string, unknown> | null } | null;
  /** In the container's own folder, on the filesystem of the engine's data. */
  HostsPath?: string;
  NetworkSettings?: {
    Networks?: Record<string, EngineEndpoint | null> | null;
    Ports?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null;
  };
};

export type EngineImage = {
  Id: string;
  RepoDigests?: string[] | null;
  Os?: string;
  Architecture?: string;
  Variant?: string;
  Config?: EngineConfig | null;
};

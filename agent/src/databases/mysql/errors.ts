import { address, classify, isLocal, ProbeError, type Target } from "../probe.ts";

type MysqlError = { errno?: unknown; code?: unknown; message?: unknown };

/** Numbers of errors that say that a right is missing: ER_*_ACCESS_DENIED_ERROR. */
const denied = new Set([1044, 1142, 1143, 1227, 1370]);
/** Of what this version or this product has not: unknown table, column, variable, command. */
const absent = new Set([1049, 1054, 1064, 1109, 1146, 1193, 1235, 1286, 1289, 1305, 1381, 3813, 8108]);
/** Of a statement that was ended for its age, or could not get a lock in time. */
const cut = new Set([1205, 1317, 1969, 3024]);

/** What a failed statement means for the part that it asked for. `lost`: the connection is of no more use. */
export function partError(error: unknown): "denied" | "absent" | "cut" | "lost" | "other" {
  const { errno, fatal } = (error ?? {}) as { errno?: unknown; fatal?: unknown };
  if (fatal === true || typeof errno !== "number" || isShutdown(errno)) return "lost";
  if (denied.has(errno)) return "denied";
  if (absent.has(errno)) return "absent";
  return cut.has(errno) ? "cut" : "other";
}

function isShutdown(errno: number): boolean {
  return errno === 1053 || errno === 1077 || errno === 1927 || errno === 4031;
}

/** A failed connection or login as what it means for the database, with the remedy. */
export function connectError(error: unknown, target: Target): ProbeError {
  if (error instanceof ProbeError) return error;
  const { errno, code, message } = (error ?? {}) as MysqlError;
  const where = address(target);
  const told = (status: ProbeError["status"], text: string) => new ProbeError(status, text, { cause: error });
  switch (errno) {
    case 1044:
    case 1045:
    case 1698:
      return told("needs_credentials", `${where} refuses user "${target.user}": wrong password, or no such user`);
    case 1130:
      return told("needs_credentials", `${where} lets no user in from this address: create the user for it`);
    case 1862:
      return told("needs_credentials", `the password of user "${target.user}" has expired: set a new one`);
    case 1820:
      return told("needs_credentials", `user "${target.user}" must set a new password first`);
    case 3118:
    case 3955:
    case 4151:
      return told(
        "needs_credentials",
        `user "${target.user}" is locked: ALTER USER ... ACCOUNT UNLOCK, or FLUSH PRIVILEGES`,
      );
    case 1040:
      return told("error", "too many connections: max_connections are open, nobody else gets in");
    case 1203:
    case 1226:
      return told("error", `user "${target.user}" has reached a limit of its own: max_user_connections or per hour`);
    case 1129:
      return told(
        "error",
        "the server has blocked this host for failed connections: run FLUSH HOSTS, then find who fails",
      );
    case 1053:
      return told("down", `${where} is shutting down`);
    case 3159:
      return told("error", `${where} wants TLS: set tls.mode to require`);
  }
  if (code === "HANDSHAKE_NO_SSL_SUPPORT") {
    return told("error", `${where} offers no TLS: set tls.mode to disable or prefer, or switch TLS on there`);
  }
  if (code === "HANDSHAKE_SSL_ERROR") {
    return told("error", `TLS with ${where} failed: ${String(message)}: check tls.mode, tls.ca and tls.serverName`);
  }
  if (code === "AUTH_SWITCH_PLUGIN_ERROR" || code === "MYSQL_CLEAR_PASSWORD_NOT_ENABLED")
    return pluginError(error, target);
  if (code === "PROTOCOL_CONNECTION_LOST") return told("down", `${where} closed the connection`);
  if (typeof code === "string" && /^(HANDSHAKE_|PROTOCOL_)/.test(code)) {
    return told("error", `${where} does not speak MySQL's protocol: ${String(message)}`);
  }
  const { status, reason } = classify(error, target);
  return told(status, reason);
}

function pluginError(error: unknown, target: Target): ProbeError {
  const said = String((error as MysqlError).message);
  const plugin =
    /unknown plugin (\S+?)\.? See/.exec(said)?.[1] ??
    (/mysql_clear_password/.test(said) ? "a password in clear text" : "");
  const remedy = isLocal(target)
    ? "mysql_native_password or caching_sha2_password"
    : "another, or set tls.mode to require";
  if (plugin === "") return new ProbeError("error", said, { cause: error });
  const text = `user "${target.user}" is to log in by ${plugin}, which is not supported: create it with ${remedy}`;
  return new ProbeError("needs_credentials", text, { cause: error });
}

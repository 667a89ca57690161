import type { Container } from "../../api/types.ts";
import { BackupList } from "../../containers/backup-list.tsx";

/** The backups of one container. */
export function ContainerBackups({ container }: { container: Container }) {
  return <BackupList server={container.serverId} container={container.name} />;
}

import type { Container } from "../../api/types.ts";
import { UpdateHistory } from "../../containers/update-history.tsx";

/** The updates of one container. */
export function ContainerUpdates({ container }: { container: Container }) {
  return <UpdateHistory of={{ container: container.id }} serverId={container.serverId} name={container.name} />;
}

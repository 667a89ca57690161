import type { Container } from "../api/types.ts";
import { Badge, StateDot, toneOf } from "../ui/badge.tsx";

/** The state of a container, and its health where it has a check; one that ended well is no failure. */
export function ContainerState({ container }: { container: Container }) {
  if (container.goneAt) return <StateDot state="gone">removed</StateDot>;
  const clean = container.state === "exited" && container.exitCode === 0;
  const failed = container.state === "exited" && !clean && container.exitCode !== null;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5" title={container.status ?? ""}>
      <StateDot state={container.state ?? "unknown"} tone={clean ? "idle" : toneOf(container.state)}>
        {failed ? `exited, code ${container.exitCode}` : undefined}
      </StateDot>
      {container.health && container.health !== "none" && (
        <Badge tone={toneOf(container.health)}>{container.health}</Badge>
      )}
    </span>
  );
}

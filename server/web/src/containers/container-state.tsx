import type { Container } from "../api/types.ts";
import { Badge, StateDot, toneOf } from "../ui/badge.tsx";

/** The state of a container, and its health where it has a check; one that ended well is no failure, one that runs and is unhealthy is not well. */
export function ContainerState({ container }: { container: Container }) {
  if (container.goneAt) return <StateDot state="gone">removed</StateDot>;
  const clean = container.state === "exited" && container.exitCode === 0;
  const failed = container.state === "exited" && !clean && container.exitCode !== null;
  const tone = clean ? "idle" : container.health === "unhealthy" ? "crit" : toneOf(container.state);
  return (
    <span
      className="inline-flex items-center gap-1.5 max-md:flex-wrap max-md:justify-end"
      title={container.status ?? ""}
    >
      <StateDot state={container.state ?? "unknown"} tone={tone}>
        {failed ? `exited, code ${container.exitCode}` : undefined}
      </StateDot>
      {container.health && container.health !== "none" && (
        <Badge tone={toneOf(container.health)}>{container.health}</Badge>
      )}
    </span>
  );
}

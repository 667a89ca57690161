import { useMemo } from "react";
import type { Container } from "../api/types.ts";
import { MetricChart } from "../charts/metric-chart.tsx";
import { containerPanels } from "../charts/panels.ts";
import { Rows } from "../pages/server/details.tsx";
import { When } from "../ui/time.tsx";

const hour = { last: 3600 };

/** Charts of the last hour and the facts of one container. */
export default function ContainerDetail({ container }: { container: Container }) {
  const panels = useMemo(() => containerPanels(container.id), [container.id]);
  return (
    <div className="w-full space-y-3 py-1 text-left">
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {panels.map((panel) => (
          <MetricChart key={panel.key} panel={panel} range={hour} height={110} />
        ))}
      </div>
      <div className="panel">
        <Rows
          rows={[
            ["Image", container.image],
            ["Digest", container.digest],
            ["Image id", container.imageId],
            ["Status", container.status],
            ["Ports", container.ports.join(", ")],
            ["Created", <When key="created" at={container.createdAt} />],
            ["Started", <When key="started" at={container.startedAt} />],
            ["Exit code", container.state === "exited" ? container.exitCode : null],
          ]}
        />
      </div>
    </div>
  );
}

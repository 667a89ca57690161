import { metricIndex } from "@fairlead/shared/catalogue";
import type { Wanted } from "../api/metrics.ts";
import type { Resource } from "../api/types.ts";
import type { Line } from "./chart.tsx";

/** One chart: which series it asks for and how they are drawn. */
export type ChartPanel = {
  key: string;
  title: string;
  unit: string;
  stacked?: boolean;
  max?: number;
  wide?: boolean;
  lines: Line[];
  wanted: Wanted[];
};

const colours = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"];

function panel(
  key: string,
  title: string,
  unit: string,
  parts: readonly (readonly [Resource, string, string, string?])[],
  extra: Partial<ChartPanel> = {},
): ChartPanel[] {
  const known = parts.filter(([resource, metric]) => metricIndex(resource.kind, metric) >= 0);
  if (known.length === 0) return [];
  return [
    {
      key,
      title,
      unit,
      lines: known.map(([, , label, colour], i) => ({
        label,
        colour: colour ?? colours[i % colours.length] ?? "--c1",
      })),
      wanted: known.map(([resource, metric]) => ({ id: resource.id, kind: resource.kind, metric })),
      ...extra,
    },
  ];
}

/** Whether a resource's last values hold the metric: charts of what the machine doesn't have are left out. */
function has(resource: Resource, metric: string): boolean {
  const value = resource.latest?.values[metric];
  return resource.latest === null || (value !== null && value !== undefined);
}

/** Physical and connected ones first, then by name: an order that does not change with the load. */
function byWeight(a: Resource, b: Resource): number {
  const weight = (one: Resource) => (one.labels.type === "physical" ? 0 : 2) + (one.state === "down" ? 1 : 0);
  return weight(a) - weight(b) || a.key.localeCompare(b.key, undefined, { numeric: true });
}

/** The charts of a server, from the resources it has. Of many interfaces or disks the first four are drawn. */
export function serverPanels(resources: readonly Resource[]): ChartPanel[] {
  const of = (kind: string) => resources.filter((one) => one.kind === kind && one.goneAt === null);
  const host = of("host")[0];
  const panels: ChartPanel[] = [];
  if (host) {
    const h = (metric: string, label: string, colour?: string) => [host, metric, label, colour] as const;
    panels.push(
      ...panel(
        "cpu",
        "CPU",
        "ratio",
        [
          h("cpu_user_ratio", "User", "--c1"),
          h("cpu_system_ratio", "System", "--c2"),
          h("cpu_iowait_ratio", "IO wait", "--c3"),
          h("cpu_irq_ratio", "Interrupts", "--c5"),
          h("cpu_nice_ratio", "Nice", "--c7"),
          h("cpu_steal_ratio", "Steal", "--c6"),
        ],
        { stacked: true, max: 1 },
      ),
      ...panel(
        "memory",
        "Memory",
        "bytes",
        [
          h("memory_used_bytes", "Used", "--c1"),
          h("memory_cached_bytes", "Cache", "--c2"),
          h("memory_buffers_bytes", "Buffers", "--c5"),
        ],
        { stacked: true, ...maxOf(host.latest?.values.memory_total_bytes) },
      ),
      ...panel("load", "Load", "count", [h("load1", "1 min"), h("load5", "5 min"), h("load15", "15 min")]),
    );
    if (has(host, "pressure_cpu_some_ratio")) {
      panels.push(
        ...panel("pressure", "Pressure: share of time that tasks waited", "ratio", [
          h("pressure_cpu_some_ratio", "CPU"),
          h("pressure_memory_some_ratio", "Memory", "--c4"),
          h("pressure_io_some_ratio", "IO", "--c3"),
          h("pressure_io_full_ratio", "IO, all tasks", "--c6"),
        ]),
      );
    }
  }
  const nics = of("nic").sort(byWeight).slice(0, 4);
  panels.push(
    ...panel(
      "network",
      "Network",
      "bytes_per_second",
      nics.flatMap((nic) => [
        [nic, "receive_bytes_per_second", `${nic.key} in`] as const,
        [nic, "transmit_bytes_per_second", `${nic.key} out`] as const,
      ]),
    ),
  );
  const disks = of("disk").sort(byWeight).slice(0, 4);
  panels.push(
    ...panel(
      "disk",
      "Disk throughput",
      "bytes_per_second",
      disks.flatMap((disk) => [
        [disk, "read_bytes_per_second", `${disk.key} read`] as const,
        [disk, "write_bytes_per_second", `${disk.key} write`] as const,
      ]),
    ),
    ...panel(
      "disk-busy",
      "Disk utilisation",
      "ratio",
      disks.map((disk) => [disk, "utilisation_ratio", disk.key] as const),
    ),
    ...panel(
      "disk-await",
      "Disk latency",
      "seconds",
      disks.flatMap((disk) => [
        [disk, "read_await_seconds", `${disk.key} read`] as const,
        [disk, "write_await_seconds", `${disk.key} write`] as const,
      ]),
    ),
  );
  if (host && (host.latest?.values.swap_total_bytes ?? 0) > 0) {
    panels.push(...panel("swap", "Swap", "bytes", [[host, "swap_used_bytes", "Used"]]));
  }
  if (host) {
    panels.push(
      ...panel("tasks", "Tasks", "count", [
        [host, "processes_running", "Running"],
        [host, "processes_blocked", "Blocked", "--c6"],
      ]),
    );
  }
  const temperatures = of("sensor").filter((sensor) => has(sensor, "temperature_celsius") && sensor.latest);
  panels.push(
    ...panel(
      "temperature",
      "Temperature",
      "celsius",
      temperatures.slice(0, 8).map((sensor) => [sensor, "temperature_celsius", sensorName(sensor)] as const),
    ),
  );
  const fans = of("sensor").filter((sensor) => has(sensor, "fan_rpm") && sensor.latest);
  panels.push(
    ...panel(
      "fans",
      "Fans",
      "rpm",
      fans.slice(0, 8).map((sensor) => [sensor, "fan_rpm", sensorName(sensor)] as const),
    ),
  );
  return panels;
}

/** The charts of one container. */
export function containerPanels(id: number): ChartPanel[] {
  const c = (metric: string) => ({ id, kind: "container", metric });
  return [
    {
      key: "c-cpu",
      title: "CPU",
      unit: "cores",
      lines: [{ label: "Cores", colour: "--c1" }],
      wanted: [c("cpu_cores")],
    },
    {
      key: "c-memory",
      title: "Memory",
      unit: "bytes",
      lines: [{ label: "Used", colour: "--c2" }],
      wanted: [c("memory_used_bytes")],
    },
    {
      key: "c-network",
      title: "Network",
      unit: "bytes_per_second",
      lines: [
        { label: "In", colour: "--c1" },
        { label: "Out", colour: "--c3" },
      ],
      wanted: [c("receive_bytes_per_second"), c("transmit_bytes_per_second")],
    },
    {
      key: "c-disk",
      title: "Disk",
      unit: "bytes_per_second",
      lines: [
        { label: "Read", colour: "--c1" },
        { label: "Write", colour: "--c3" },
      ],
      wanted: [c("read_bytes_per_second"), c("write_bytes_per_second")],
    },
  ];
}

function maxOf(value: number | null | undefined): { max?: number } {
  return value ? { max: value } : {};
}

function sensorName(sensor: Resource): string {
  const label = sensor.labels.label ?? sensor.attributes.label;
  return typeof label === "string" && label ? `${sensor.labels.chip ?? ""} ${label}`.trim() : sensor.key;
}

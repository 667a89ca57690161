import type { MetricsRegistry } from "../metrics-registry.ts";

/** Figures of the agents' side of the server. */
export type StreamMetrics = ReturnType<typeof createStreamMetrics>;

export function createStreamMetrics(metrics: MetricsRegistry, read: { streams(): number; connections(): number }) {
  metrics.gauge("fairlead_agent_streams", "Open agent streams", read.streams);
  metrics.gauge("fairlead_agent_connections", "Open TLS connections on the agents' port", read.connections);
  return {
    handshakes: metrics.counter("fairlead_agent_handshakes_total", "TLS handshakes by result"),
    sessions: metrics.counter("fairlead_agent_sessions_total", "Agent sessions that got a Welcome"),
    ended: metrics.counter("fairlead_agent_sessions_ended_total", "Agent sessions ended, by reason"),
    frames: metrics.counter("fairlead_agent_frames_total", "Frames received, by kind"),
    refused: metrics.counter("fairlead_agent_refused_total", "Things refused, by reason"),
    acked: metrics.counter("fairlead_agent_acked_total", "Records acknowledged"),
    values: metrics.counter("fairlead_agent_values_total", "Values received in reports"),
    certificates: metrics.counter("fairlead_agent_certificates_total", "Certificates issued, by cause"),
    paused: metrics.counter("fairlead_agent_reading_paused_total", "Times that reading from an agent paused, by cause"),
    lag: metrics.histogram(
      "fairlead_agent_report_lag_seconds",
      "Age of reports when they came in",
      [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86400],
    ),
    ackSeconds: metrics.histogram(
      "fairlead_agent_ack_seconds",
      "Time from receipt of a report to its commit",
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
    ),
  };
}

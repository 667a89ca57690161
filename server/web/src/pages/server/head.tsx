import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { patch, post, remove } from "../../api/client.ts";
import { resourcesQuery } from "../../api/queries.ts";
import type { Command, Server } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { formatByteRate, formatBytes, formatDuration, formatRatio } from "../../format/units.ts";
import { Badge, LabelList, StateDot } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icons.tsx";
import { ActionMenu } from "../../ui/menu.tsx";
import { Ago, For } from "../../ui/time.tsx";
import { notify, notifyError } from "../../ui/toast.tsx";
import { EditServer } from "./edit-server.tsx";
import { allFacts, fact } from "./facts.ts";

const intervals = [1, 2, 5, 10, 15, 30, 60, 120, 300];

/** Name, state and reason, key facts and the actions on a server. */
export function ServerHead({ server }: { server: Server }) {
  return (
    <header className="mb-4">
      <Link to="/servers" className="mb-1 inline-flex items-center gap-1 text-xs text-muted hover:text-text">
        <Icon name="left" size={12} /> Servers
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-xl leading-7 font-semibold">{server.name}</h1>
        <StateDot state={server.state} />
        {server.group && <Badge>{server.group}</Badge>}
        <LabelList labels={server.labels} max={6} />
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <Actions server={server} />
        </div>
      </div>
      <p className="mt-1 text-muted">
        {server.stateReason && <span className="text-soft">{server.stateReason} · </span>}
        {server.state.replace("_", " ")} for <For since={server.stateSince} />
        {server.state !== "online" && server.lastSeenAt && (
          <>
            {" "}
            · last heard <Ago at={server.lastSeenAt} />
          </>
        )}
      </p>
      <Facts server={server} />
    </header>
  );
}

function Facts({ server }: { server: Server }) {
  const { latest } = server;
  const { data: resources } = useQuery(resourcesQuery(server.id));
  const facts = allFacts(server, resources);
  const uptime = server.bootedAt ? (Date.now() - Date.parse(server.bootedAt)) / 1000 : latest?.uptimeSeconds;
  const cores = fact(facts, "cores");
  const model = fact(facts, "cpu_model", "inventory.cpu.brand");
  const skew = server.clockSkewMs ?? 0;
  const entries: [string, ReactNode][] = [
    ["System", fact(facts, "os")],
    ["Kernel", fact(facts, "kernel")],
    ["CPU", model ? `${model}${cores ? `, ${cores} cores` : ""}` : cores ? `${cores} cores` : null],
    ["Memory", latest?.memoryTotalBytes ? formatBytes(latest.memoryTotalBytes) : null],
    ["Up", server.connected && uptime ? formatDuration(uptime) : null],
    [
      "Now",
      latest && server.connected
        ? `CPU ${formatRatio(latest.cpuUsageRatio)}, memory ${formatRatio(latest.memoryUsedRatio)}`
        : null,
    ],
    [
      "Network",
      latest?.receiveBytesPerSecond !== null && latest?.receiveBytesPerSecond !== undefined
        ? `${formatByteRate(latest.receiveBytesPerSecond)} in, ${formatByteRate(latest.transmitBytesPerSecond)} out`
        : null,
    ],
    ["Agent", server.agentVersion],
    [
      "Clock",
      Math.abs(skew) > 1000 ? `${formatDuration(Math.abs(skew) / 1000)} ${skew > 0 ? "ahead" : "behind"}` : null,
    ],
    ["Waiting", server.spool && server.spool.records > 100 ? `${server.spool.records} records in its spool` : null],
  ];
  return (
    <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1.5">
      {entries
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name} className="flex min-w-0 gap-1.5">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Actions({ server }: { server: Server }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const operator = useMay("operator");
  const admin = useMay("admin");
  const [busy, setBusy] = useState<string | null>(null);
  const [dialog, setDialog] = useState<"delete" | "edit" | "revoke" | null>(null);
  const path = `infrastructure/servers/${server.id}`;

  async function run(name: string, action: () => Promise<unknown>, done: string) {
    setBusy(name);
    try {
      await action();
      notify(done);
      await client.invalidateQueries({ queryKey: ["server", server.id] });
      void client.invalidateQueries({ queryKey: ["servers"] });
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(null);
    }
  }
  if (!operator) return null;
  const pausing = server.paused ? "resume" : "pause";
  return (
    <>
      <label className="flex items-center gap-1.5 text-xs text-muted">
        Every
        <select
          className="field w-auto! h-7!"
          aria-label="Interval of collection"
          value={server.intervalSeconds}
          disabled={busy !== null || !admin}
          onChange={(event) => {
            const intervalSeconds = Number(event.target.value);
            void run(
              "interval",
              () => patch(path, { intervalSeconds }),
              `Collected every ${intervalSeconds} s from now on`,
            );
          }}
        >
          {[...new Set([...intervals, server.intervalSeconds])]
            .sort((a, b) => a - b)
            .map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds < 60 ? `${seconds} s` : formatDuration(seconds)}
              </option>
            ))}
        </select>
      </label>
      <Button
        small
        icon="refresh"
        busy={busy === "collect"}
        disabled={!server.connected}
        title={server.connected ? "Run all collectors now" : "The server is not connected"}
        onClick={() => void run("collect", () => post<Command>(`${path}/collect`), "Collecting")}
      >
        Collect now
      </Button>
      <Button
        small
        icon={server.paused ? "play" : "pause"}
        busy={busy === "pause"}
        onClick={() =>
          void run(
            "pause",
            () => post(`${path}/${pausing}`),
            server.paused ? "Resumed" : "Paused: no alerts while it is",
          )
        }
      >
        {server.paused ? "Resume" : "Pause"}
      </Button>
      <ActionMenu
        label="More actions"
        actions={[
          { label: "Edit name, group, labels", icon: "edit", disabled: !admin, onSelect: () => setDialog("edit") },
          {
            label: "Revoke its certificate",
            icon: "close",
            disabled: !admin,
            danger: true,
            onSelect: () => setDialog("revoke"),
          },
          { label: "Delete", icon: "trash", disabled: !admin, danger: true, onSelect: () => setDialog("delete") },
        ]}
      />
      {dialog === "edit" && <EditServer server={server} open onOpenChange={() => setDialog(null)} />}
      <Confirm
        open={dialog === "delete"}
        onOpenChange={() => setDialog(null)}
        title={`Delete ${server.name}?`}
        action="Delete server and history"
        danger
        onConfirm={async () => {
          await remove(path);
          notify(`${server.name} is deleted`);
          await navigate({ to: "/servers" });
          client.setQueryData<Server[]>(["servers"], (old) => old?.filter((one) => one.id !== server.id));
        }}
      >
        Its metrics, containers, commands and alerts go with it, and its certificate is revoked. The agent on the
        machine stays installed until you run <code className="font-mono">fairlead-agent uninstall</code> there.
      </Confirm>
      <Confirm
        open={dialog === "revoke"}
        onOpenChange={() => setDialog(null)}
        title={`Revoke the certificate of ${server.name}?`}
        action="Revoke"
        danger
        onConfirm={() => run("revoke", () => post(`${path}/revoke`), "The certificate is revoked")}
      >
        Its stream is cut at once. The history stays. To connect again it has to enrol with a new token.
      </Confirm>
    </>
  );
}

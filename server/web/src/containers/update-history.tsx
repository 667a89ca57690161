import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { commandQuery, updatesQuery } from "../api/queries.ts";
import type { ContainerUpdate } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { commandTone, shortImage } from "../commands/command-progress.tsx";
import { CommandResult } from "../commands/command-result.tsx";
import { StateDot } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/page.tsx";
import { EmptyState, Loaded, LoadingRows } from "../ui/states.tsx";
import { Ago } from "../ui/time.tsx";
import { useCommands } from "./followed-command.tsx";
import { ReasonDialog } from "./rollback-dialog.tsx";
import { milliseconds } from "./update-result.tsx";

type Props = {
  of: { container: number } | { server: string };
  serverId: string;
  /** Of one container: what it is called, to take it alone back out of an update of its project. */
  name?: string | null;
};

/** Updates and roll-backs, newest first; an update that held can be taken back. */
export function UpdateHistory({ of, serverId, name = null }: Props) {
  const [limit, setLimit] = useState(50);
  const query = useQuery(updatesQuery(of, limit));
  const may = useMay("operator");
  const commands = useCommands(serverId);
  const [open, setOpen] = useState<string | null>(null);
  const [back, setBack] = useState<ContainerUpdate | null>(null);
  const ofServer = "server" in of;
  return (
    <Panel>
      <Loaded
        query={query}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon="up" title="Nothing has been updated yet">
            Each update and roll-back stands here, with what it changed and how long it took.
          </EmptyState>
        }
      >
        {({ items, nextCursor }) => (
          <>
            <table className="data" aria-label="Updates">
              <thead>
                <tr>
                  <th>Update</th>
                  <th>Status</th>
                  <th>Why</th>
                  <th className="num">Without service</th>
                  <th>By</th>
                  <th>When</th>
                  <th>
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <Fragment key={one.id}>
                    <tr>
                      <td className="md:max-w-96">
                        <Link to="/commands/$id" params={{ id: one.id }} className="font-medium hover:underline">
                          {title(one, ofServer)}
                        </Link>
                        {one.toImage && (
                          <span
                            className="block font-mono text-xs break-all text-muted"
                            title={[one.fromDigest, one.toDigest].filter(Boolean).join("\n")}
                          >
                            {change(one)}
                          </span>
                        )}
                      </td>
                      <td data-label="Status">
                        <StateDot state={one.status} tone={commandTone(one.status)} />
                      </td>
                      <td {...(why(one) && { "data-label": "Why" })} className="text-muted md:max-w-80">
                        {why(one)}
                      </td>
                      <td {...(one.downtimeMs !== null && { "data-label": "Without service" })} className="num">
                        {one.downtimeMs === null ? "" : milliseconds(one.downtimeMs)}
                      </td>
                      <td data-label="By" className="text-muted">
                        {one.createdBy}
                      </td>
                      <td data-label="When" className="text-muted">
                        <Ago at={one.createdAt} />
                      </td>
                      <td className="md:text-right">
                        {one.finishedAt !== null && (
                          <Button
                            small
                            look="quiet"
                            icon="down"
                            aria-expanded={open === one.id}
                            aria-label={`Result of ${title(one, true)}`}
                            onClick={() => setOpen(open === one.id ? null : one.id)}
                          >
                            Result
                          </Button>
                        )}{" "}
                        {may && one.status === "succeeded" && subject(one, name) !== null && (
                          <Button small icon="left" onClick={() => setBack(one)}>
                            Roll back
                          </Button>
                        )}
                      </td>
                    </tr>
                    {open === one.id && (
                      <tr className="hover:bg-transparent!">
                        <td colSpan={7} className="block! bg-sunken md:table-cell!">
                          <Result id={one.id} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                ))}
              </tbody>
            </table>
            {nextCursor && limit < 500 && (
              <div className="border-t border-line p-2 text-center">
                <Button look="quiet" onClick={() => setLimit(500)}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
      {back && (
        <ReasonDialog
          title={`Roll ${subject(back, name)} back?`}
          submit="Roll back"
          onClose={() => setBack(null)}
          onSubmit={(forceReason) =>
            commands.send(
              "container.rollback",
              { container: subject(back, name), update: back.id, ...(forceReason !== "" && { forceReason }) },
              subject(back, name) ?? "",
            )
          }
        >
          It gets{" "}
          {back.type === "container.update" && back.fromImage !== null ? (
            <code className="font-mono text-xs break-all">{back.fromImage}</code>
          ) : (
            "the image that it had before this update"
          )}{" "}
          again; its settings and data stay.
          {back.type === "project.update" && " The other containers of the project stay as they are."}
        </ReasonDialog>
      )}
      {commands.dialog}
    </Panel>
  );
}

/** What came of an update, as its command tells it. */
function Result({ id }: { id: string }) {
  const query = useQuery(commandQuery(id));
  return (
    <Loaded query={query} loading={<LoadingRows rows={3} />}>
      {(command) => (
        <div className="max-w-3xl px-2 py-1 text-left md:px-0 whitespace-normal">
          {command.output === null ? (
            <p className="text-muted">The agent told no more of it.</p>
          ) : (
            <CommandResult command={command} />
          )}
        </div>
      )}
    </Loaded>
  );
}

/** The container that a roll-back of this is of; null where there is none. */
function subject({ type, target }: ContainerUpdate, name: string | null): string | null {
  if (type === "container.update") return target;
  return type === "project.update" ? name : null;
}

function title({ type, target }: ContainerUpdate, ofServer: boolean): string {
  const verb = type === "container.rollback" ? "Roll back" : type === "project.update" ? "Update project" : "Update";
  return ofServer || type === "project.update" ? `${verb} ${target}` : verb;
}

function change({ fromImage, toImage, fromDigest, toDigest }: ContainerUpdate): string {
  if (!fromImage || fromImage === toImage) {
    const short = (digest: string | null) => digest?.replace("sha256:", "").slice(0, 12);
    const digests =
      fromDigest && toDigest && fromDigest !== toDigest ? ` (${short(fromDigest)} → ${short(toDigest)})` : "";
    return `${toImage}${digests}`;
  }
  return `${shortImage(fromImage)} → ${shortImage(toImage ?? "")}`;
}

function why({ reason, forceReason }: ContainerUpdate): string {
  return [reason, forceReason && `forced: ${forceReason}`].filter(Boolean).join("; ");
}

import { ApiError } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../ui/states.tsx";
import type { LogState } from "./use-log.ts";

/** Why no line is shown, and what helps. */
export function NoLines({
  state,
  all,
  filter,
  onRetry,
}: {
  state: LogState;
  all: number;
  filter: string;
  onRetry: () => void;
}) {
  if (state.is === "failed") {
    const offline = state.error instanceof ApiError && state.error.status === 503;
    if (offline) {
      return (
        <EmptyState
          icon="warning"
          title="The agent is offline"
          action={
            <Button icon="refresh" onClick={onRetry}>
              Try again
            </Button>
          }
        >
          {state.error instanceof Error ? state.error.message : ""}
        </EmptyState>
      );
    }
    return <ErrorState error={state.error} onRetry={onRetry} />;
  }
  if (state.is === "loading") return <LoadingRows rows={8} />;
  if (all > 0 && filter) return <EmptyState icon="search" title="No line holds this text" />;
  if (state.is === "ended" && state.reason) {
    return (
      <EmptyState
        icon="warning"
        title="The log can't be read"
        action={
          <Button icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {state.reason}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="empty" title="Nothing has been written yet">
      {state.is === "open" ? "Lines appear as the container writes them." : "The container's log is empty."}
    </EmptyState>
  );
}

/** Whether the log is followed, and how many of its lines are shown. */
export function LogFoot({
  state,
  shown,
  all,
  onRetry,
}: {
  state: LogState;
  shown: number;
  all: number;
  onRetry: () => void;
}) {
  if (all === 0) return null;
  const broken = state.is === "again" || state.is === "failed" || (state.is === "ended" && state.reason !== "");
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 border-t border-line px-3 py-1.5 text-xs text-muted"
    >
      <span className={broken ? "text-warn" : ""}>{words(state)}</span>
      {state.is === "failed" || state.is === "ended" ? (
        <button type="button" className="text-accent hover:underline" onClick={onRetry}>
          Read again
        </button>
      ) : null}
      <span className="ml-auto">
        {shown === all ? "" : `${shown.toLocaleString("en")} of `}
        {all.toLocaleString("en")} {all === 1 ? "line" : "lines"}
      </span>
    </div>
  );
}

function words(state: LogState): string {
  switch (state.is) {
    case "loading":
      return "Reading";
    case "open":
      return "Following";
    case "ended":
      return state.reason ? `Ended: ${state.reason}` : "All read";
    case "again":
      return `Broken off, trying again: ${state.reason}`;
    case "failed":
      return state.error instanceof Error ? state.error.message : "Failed";
    default:
      return state satisfies never;
  }
}

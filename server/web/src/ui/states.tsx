import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";

/** What failed, in the problem's own words, with its request id and a way to try again. */
export function ErrorState({ error, onRetry, compact }: { error: unknown; onRetry?: () => void; compact?: boolean }) {
  const problem = error instanceof ApiError ? error : null;
  const title = problem?.title ?? "Something went wrong on this page";
  const detail = problem ? problem.detail : error instanceof Error ? error.message : "";
  return (
    <div role="alert" className={`flex gap-3 ${compact ? "p-3" : "panel m-auto max-w-xl p-4"}`}>
      <Icon name="warning" size={18} className="mt-0.5 text-crit" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {detail && detail !== title && <p className="text-soft">{detail}</p>}
        {problem?.fields.map((field) => (
          <p key={field.field + field.message} className="text-soft">
            <code className="font-mono text-xs">{field.field}</code>: {field.message}
          </p>
        ))}
        {problem?.requestId && (
          <p className="mt-1 text-xs text-muted">
            Request <code className="font-mono select-all">{problem.requestId}</code>
          </p>
        )}
        {onRetry && (
          <Button small icon="refresh" className="mt-2" onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

export function EmptyState(props: { icon?: IconName; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-10 text-center">
      <Icon name={props.icon ?? "empty"} size={28} className="mb-1 text-muted" />
      <p className="font-medium">{props.title}</p>
      {props.children && <p className="max-w-md text-muted">{props.children}</p>}
      {props.action && <div className="mt-3">{props.action}</div>}
    </div>
  );
}

/** Grey rows while a list loads. */
export function LoadingRows({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="space-y-3 p-4">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
        <div key={i} className="skeleton h-5" style={{ width: `${96 - ((i * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

type Query<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };

/** Loading, error, empty and content of one query, the same way everywhere. Stale data stays, with the error above it. */
export function Loaded<T>(props: {
  query: Query<T>;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { query } = props;
  if (query.data === undefined) {
    if (query.error) return <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />;
    return props.loading ?? <LoadingRows />;
  }
  return (
    <>
      {Boolean(query.error) && (
        <div className="border-b border-line">
          <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
        </div>
      )}
      {props.isEmpty?.(query.data) ? props.empty : props.children(query.data)}
    </>
  );
}

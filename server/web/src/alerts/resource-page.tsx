import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Alert } from "../api/types.ts";

const pages = {
  drive: "/storage/drives/$id",
  pool: "/storage/pools/$id",
  filesystem: "/storage/filesystems/$id",
  controller: "/storage/controllers/$id",
  container: "/containers/$id",
  database: "/databases/$id",
} as const;

type Props = {
  alert: Pick<Alert, "resourceKind" | "resourceId">;
  className?: string;
  children: ReactNode;
};

/** A link to what an alert is about; the words alone where that has no page of its own. */
export function ResourcePage({ alert: { resourceKind: kind, resourceId: id }, className, children }: Props) {
  if (id === null || kind === null || !(kind in pages)) return children;
  return (
    <Link
      to={pages[kind as keyof typeof pages]}
      params={{ id: String(id) }}
      className={className ?? "text-accent hover:underline"}
    >
      {children}
    </Link>
  );
}

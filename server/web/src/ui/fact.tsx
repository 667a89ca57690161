import type { ReactNode } from "react";

/** The facts below a page's title. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1.5">{children}</dl>;
}

/** One of them. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

import type { ReactNode } from "react";
import { useEffect } from "react";

/** Title line of a page with its actions; also the document's title. */
export function PageHead({ title, children, sub }: { title: string; children?: ReactNode; sub?: ReactNode }) {
  useTitle(title);
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="min-w-0 flex-1">
        <h1 className="text-lg leading-6 font-semibold">{title}</h1>
        {sub && <div className="text-muted">{sub}</div>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Fairlead`;
  }, [title]);
}

/** A framed part of a page with its own heading. */
export function Panel(props: { title?: ReactNode; actions?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`panel min-w-0 ${props.className ?? ""}`}>
      {props.title && (
        <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
          <h2 className="min-w-40 flex-1 font-medium">{props.title}</h2>
          {props.actions}
        </div>
      )}
      {props.children}
    </section>
  );
}

/** A row of choices of which one holds. */
export function Segments<T extends string>(props: {
  label: string;
  value: T | null;
  options: readonly { value: T; label: ReactNode; title?: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="flex max-w-full min-w-0 overflow-x-auto rounded-md border border-line-strong bg-surface p-0.5">
      <legend className="sr-only">{props.label}</legend>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          title={option.title}
          aria-pressed={props.value === option.value}
          onClick={() => props.onChange(option.value)}
          className="h-6.5 shrink-0 rounded px-2 text-xs whitespace-nowrap text-soft hover:text-text aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent pointer-coarse:h-8.5 pointer-coarse:px-2.5"
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}

import { Tabs as Base } from "radix-ui";
import type { ReactNode } from "react";
import { Badge, type Tone } from "./badge.tsx";

type Tab = { value: string; label: string; count?: number | undefined; tone?: Tone };

/** Tabs over one content, which the caller chooses by `value`. */
export function Tabs(props: {
  label: string;
  value: string;
  tabs: readonly Tab[];
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <Base.Root value={props.value} onValueChange={props.onChange}>
      <Base.List
        aria-label={props.label}
        className="mb-4 flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]"
      >
        {props.tabs.map((tab) => (
          <Base.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 -outline-offset-2! text-soft hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {tab.label}
            {tab.count !== undefined && <Badge tone={tab.tone ?? "idle"}>{tab.count}</Badge>}
          </Base.Trigger>
        ))}
      </Base.List>
      <Base.Content value={props.value} className="outline-none">
        {props.children}
      </Base.Content>
    </Base.Root>
  );
}

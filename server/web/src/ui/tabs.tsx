import { Tabs as Base } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { Badge, type Tone } from "./badge.tsx";

type Tab = { value: string; label: string; count?: number | undefined; tone?: Tone };

/** What is left of the next tab to see that there is one, px. */
const edge = 24;

/** Tabs over one content, which the caller chooses by `value`. */
export function Tabs(props: {
  label: string;
  value: string;
  tabs: readonly Tab[];
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  const list = useRef<HTMLDivElement>(null);
  // The open tab may be beyond the edge of a small screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>("[data-state=active]");
    if (!list.current || !tab) return;
    const over = tab.offsetLeft + tab.offsetWidth - list.current.clientWidth;
    if (over > list.current.scrollLeft) list.current.scrollLeft = over + edge;
    else if (tab.offsetLeft < list.current.scrollLeft) list.current.scrollLeft = tab.offsetLeft - edge;
  }, [props.value]);
  return (
    <Base.Root value={props.value} onValueChange={props.onChange}>
      <Base.List
        ref={list}
        aria-label={props.label}
        className="relative mb-4 flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]"
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

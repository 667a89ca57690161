import { useMemo, useState } from "react";
import { CopyButton } from "./copy.tsx";

/** A long JSON value, closed until it is asked for. */
export function JsonView({ label, value }: { label: string; value: unknown }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded text-accent hover:underline">{label}</summary>
      {open && <Opened label={label} value={value} />}
    </details>
  );
}

function Opened({ label, value }: { label: string; value: unknown }) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  return (
    <div className="mt-2 rounded-md border border-line-strong bg-sunken">
      <div className="flex justify-end border-b border-line p-1.5">
        <CopyButton text={text} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        title={label}
        className="max-h-128 overflow-auto p-3 font-mono text-xs leading-5"
      >
        {text}
      </pre>
    </div>
  );
}

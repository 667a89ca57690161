import { useState } from "react";
import { Button } from "./button.tsx";

/** A command line or secret with a copy button. */
export function CopyBox({ text, label }: { text: string; label: string }) {
  return (
    <div className="rounded-md border border-line-strong bg-sunken">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        title={label}
        className="overflow-x-auto p-3 font-mono text-xs leading-5 break-all whitespace-pre-wrap select-all"
      >
        {text}
      </pre>
      <div className="flex justify-end border-t border-line p-1.5">
        <CopyButton text={text} />
      </div>
    </div>
  );
}

/** Copies a text, made when it is asked for where it is long, and says so. */
export function CopyButton({ text }: { text: string | (() => string) }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await copyText(typeof text === "string" ? text : text());
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }
  return (
    <Button small look="plain" icon={copied ? "check" : "copy"} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
    </Button>
  );
}

/** navigator.clipboard is missing on plain http: a selected text area does it there. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  (document.querySelector("[role=dialog]") ?? document.body).append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

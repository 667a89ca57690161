import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";

type Look = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent text-accent-fg border-transparent hover:brightness-110 font-medium",
  plain: "bg-surface text-text border-line-strong hover:bg-hover",
  quiet: "bg-transparent text-soft border-transparent hover:bg-hover hover:text-text",
  danger: "bg-surface text-crit border-line-strong hover:bg-crit-soft",
};

/** The classes of a button, for links that look like one. */
export function buttonClass(look: Look = "plain", small = false): string {
  const size = small ? "h-7 px-2 text-xs pointer-coarse:h-9" : "h-8 px-3 pointer-coarse:h-10";
  return `inline-flex items-center justify-center gap-1.5 rounded-md border whitespace-nowrap select-none disabled:opacity-50 ${size} ${looks[look]}`;
}

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: Look;
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
  children?: ReactNode;
};

export function Button({ look, small, icon, busy, children, className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={`${buttonClass(look, small)} ${className}`}
    >
      {icon && <Icon name={icon} size={small ? 14 : 16} className={busy ? "animate-pulse" : ""} />}
      {children}
    </button>
  );
}

/** A square button with an icon only; `label` is its name and its tooltip. */
export function IconButton({ icon, label, className = "", ...rest }: Props & { icon: IconName; label: string }) {
  const { look: _look, small: _small, busy, ...attributes } = rest;
  return (
    <button
      type="button"
      {...attributes}
      disabled={rest.disabled || busy}
      aria-label={label}
      title={label}
      className={`inline-flex size-7 pointer-coarse:size-9 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text disabled:opacity-40 ${className}`}
    >
      <Icon name={icon} />
    </button>
  );
}

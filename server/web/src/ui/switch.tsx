import { Switch as Base } from "radix-ui";

type Props = { label: string; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void };

export function Switch({ label, checked, disabled, onChange }: Props) {
  return (
    <Base.Root
      aria-label={label}
      checked={checked}
      disabled={disabled ?? false}
      onCheckedChange={onChange}
      className="relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-control bg-sunken disabled:opacity-60 data-[state=checked]:border-transparent data-[state=checked]:bg-accent"
    >
      <Base.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-[1.125rem] data-[state=checked]:bg-accent-fg" />
    </Base.Root>
  );
}

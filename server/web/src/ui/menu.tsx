import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";

export const menuContent =
  "rise z-50 min-w-44 rounded-lg border border-line bg-raised p-1 text-[0.8125rem] text-text shadow-(--shadow-lg)";
export const menuItem =
  "flex h-8 cursor-pointer items-center gap-2 rounded px-2 outline-none data-highlighted:bg-hover data-disabled:cursor-not-allowed data-disabled:text-muted data-disabled:opacity-60";

export type MenuAction = {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
};

/** A "more" button with its actions. */
export function ActionMenu({ label, actions, trigger }: { label: string; actions: MenuAction[]; trigger?: ReactNode }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger ?? <IconButton icon="more" label={label} />}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={menuContent}>
          {actions.map((action) => (
            <DropdownMenu.Item
              key={action.label}
              disabled={action.disabled ?? false}
              onSelect={action.onSelect}
              className={`${menuItem} ${action.danger ? "text-crit" : ""}`}
            >
              {action.icon && <Icon name={action.icon} />}
              {action.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

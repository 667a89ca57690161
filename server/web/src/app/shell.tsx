import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { DropdownMenu } from "radix-ui";
import { useEffect } from "react";
import { applyLive } from "../api/apply-live.ts";
import { post } from "../api/client.ts";
import { startLive, useLiveStatus } from "../api/live.ts";
import { alertsQuery, meQuery, signedOut } from "../api/queries.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { menuContent, menuItem } from "../ui/menu.tsx";
import { notifyError, Toasts } from "../ui/toast.tsx";
import { setTheme, type ThemeChoice, useThemeChoice } from "./theme.ts";

/** `more`: on small screens it stands in the menu of the rest. */
const places: readonly { to: string; label: string; icon: IconName; more?: true }[] = [
  { to: "/servers", label: "Servers", icon: "servers" },
  { to: "/containers", label: "Containers", icon: "containers" },
  { to: "/storage", label: "Storage", icon: "storage" },
  { to: "/databases", label: "Databases", icon: "databases" },
  { to: "/commands", label: "Commands", icon: "commands", more: true },
  { to: "/alerts", label: "Alerts", icon: "alerts" },
  { to: "/settings", label: "Settings", icon: "settings", more: true },
];

/** The frame of every page for who is signed in: navigation, account, live stream. */
export function Shell() {
  useEffect(() => startLive(applyLive), []);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[12.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded bg-raised p-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface p-3 md:flex">
        <Brand />
        <nav aria-label="Main" className="mt-4 flex flex-1 flex-col gap-0.5">
          {places.map((place) => (
            <Place key={place.to} {...place} />
          ))}
        </nav>
        <LiveSign />
        <Account />
      </aside>
      <div className="flex items-center justify-between border-b border-line bg-surface px-3 py-1.5 md:hidden">
        <Brand />
        <div className="flex items-center gap-2">
          <LiveSign />
          <Account small />
        </div>
      </div>
      <main id="main" tabIndex={-1} className="min-w-0 px-3 pt-4 pb-24 outline-none md:px-6 md:pt-5 md:pb-10">
        <Outlet />
      </main>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-fr grid-flow-col border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {places
          .filter((place) => !place.more)
          .map((place) => (
            <Place key={place.to} {...place} tab />
          ))}
        <More />
      </nav>
      <Toasts />
    </div>
  );
}

export function Brand() {
  return (
    <Link to="/servers" className="flex items-center gap-2 px-1 font-semibold">
      <svg aria-hidden="true" viewBox="0 0 32 32" className="size-6">
        <rect width="32" height="32" rx="8" fill="#0d7a6f" />
        <circle cx="16" cy="16" r="7.5" fill="none" stroke="#fff" strokeWidth="2.6" />
        <path d="M3 24C9 24 10 16 16 16s7-8 13-8" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      </svg>
      <span className="text-[0.9375rem] tracking-tight">Fairlead</span>
    </Link>
  );
}

function Place({ to, label, icon, tab }: { to: string; label: string; icon: IconName; tab?: boolean }) {
  const side = "h-8 gap-2.5 rounded-md px-2 hover:bg-hover [&.active]:bg-accent-soft [&.active]:font-medium";
  const below = "h-14 flex-col justify-center gap-0.5 text-2xs";
  return (
    <Link
      to={to}
      className={`relative flex items-center text-soft hover:text-text [&.active]:text-accent ${tab ? below : side}`}
    >
      <Icon name={icon} size={tab ? 20 : 16} />
      {label}
      {to === "/alerts" && <FiringCount tab={tab} />}
    </Link>
  );
}

/** What the bar below has no room for. */
function More() {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="flex h-14 flex-col items-center justify-center gap-0.5 text-2xs text-soft">
        <Icon name="more" size={20} />
        More
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={menuContent}>
          {places
            .filter((place) => place.more)
            .map((place) => (
              <DropdownMenu.Item key={place.to} asChild>
                <Link to={place.to} className={`${menuItem} h-10!`}>
                  <Icon name={place.icon} /> {place.label}
                </Link>
              </DropdownMenu.Item>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function FiringCount({ tab }: { tab?: boolean | undefined }) {
  const { data } = useQuery(alertsQuery({ state: "firing" }));
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <span
      className={`rounded-full bg-crit-soft px-1.5 whitespace-nowrap text-2xs leading-4 font-semibold text-crit ${tab ? "absolute top-1.5 left-1/2 ml-1.5" : "ml-auto"}`}
    >
      {data?.nextCursor ? `${count}+` : count}
      <span className="sr-only"> firing</span>
    </span>
  );
}

function LiveSign() {
  const status = useLiveStatus();
  const [word, colour] = {
    live: ["Live", "text-ok"],
    connecting: ["Connecting", "text-muted"],
    lost: ["Reconnecting", "text-warn"],
  }[status] as [string, string];
  return (
    <div role="status" className={`flex items-center gap-2 px-2 text-xs md:py-2 ${colour}`}>
      <span aria-hidden="true" className="size-1.5 rounded-full bg-current" />
      {word}
    </div>
  );
}

const themes: readonly { value: ThemeChoice; label: string; icon: IconName }[] = [
  { value: "system", label: "As the system", icon: "screen" },
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
];

function Account({ small }: { small?: boolean }) {
  const { data: me } = useQuery(meQuery);
  const theme = useThemeChoice();
  async function signOut() {
    try {
      await post("auth/logout");
      signedOut();
    } catch (error) {
      notifyError(error);
    }
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={`flex items-center gap-2 rounded-md text-left text-soft hover:bg-hover hover:text-text ${small ? "size-9 justify-center" : "h-10 px-2"}`}
        aria-label="Account and appearance"
      >
        <Icon name="user" size={18} />
        {!small && (
          <span className="min-w-0 flex-1 leading-4">
            <span className="block truncate text-text">{me?.user.name || me?.user.email}</span>
            <span className="block truncate text-2xs text-muted">{me?.user.role}</span>
          </span>
        )}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={4} className={menuContent}>
          <DropdownMenu.Label className="px-2 py-1 text-xs text-muted">{me?.user.email}</DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as ThemeChoice)}>
            {themes.map((one) => (
              <DropdownMenu.RadioItem key={one.value} value={one.value} className={menuItem}>
                <Icon name={one.icon} /> <span className="flex-1">{one.label}</span>
                <DropdownMenu.ItemIndicator>
                  <Icon name="check" size={14} />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item asChild>
            <a href="/docs" className={menuItem}>
              API documentation
            </a>
          </DropdownMenu.Item>
          <DropdownMenu.Item asChild>
            <Link to="/settings" search={{ tab: "account" }} className={menuItem}>
              Change password
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItem} onSelect={() => void signOut()}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

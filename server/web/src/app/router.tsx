import { useQuery } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "../api/queries.ts";
import { MustChangePassword, SignIn } from "../pages/sign-in.tsx";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../ui/states.tsx";
import { lazyPart } from "./lazy-part.tsx";
import { Shell } from "./shell.tsx";

const rootRoute = createRootRoute({ component: Gate, notFoundComponent: NotFound });

/** Nobody passes without a session, nor with a one-time password. */
function Gate() {
  const me = useQuery(meQuery);
  if (me.data === undefined) {
    if (me.error) {
      return (
        <main className="p-4 pt-[20vh]">
          <ErrorState error={me.error} onRetry={() => void me.refetch()} />
        </main>
      );
    }
    return <div role="status" aria-label="Loading" />;
  }
  if (me.data === null) return <SignIn />;
  if (me.data.mustChangePassword) return <MustChangePassword />;
  return <Shell />;
}

type Text = string | undefined;

/** Search parameters by name, as strings; what isn't named or isn't text is left out. */
function texts<K extends string>(...names: K[]) {
  return (search: Record<string, unknown>): { [N in K]?: Text } => {
    const found: { [N in K]?: Text } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === "string" && value !== "") found[name] = value;
      else if (typeof value === "number") found[name] = String(value);
    }
    return found;
  };
}

const index = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/servers" });
  },
});

const servers = createRoute({
  getParentRoute: () => rootRoute,
  path: "/servers",
  validateSearch: texts("q", "state", "group", "label", "sort"),
  component: lazyPart(() => import("../pages/fleet/fleet.tsx").then((file) => file.FleetPage)),
});

const server = createRoute({
  getParentRoute: () => rootRoute,
  path: "/servers/$id",
  validateSearch: texts("tab", "range", "from", "to", "part", "q"),
  component: lazyPart(() => import("../pages/server/server.tsx").then((file) => file.ServerPage)),
});

const containers = createRoute({
  getParentRoute: () => rootRoute,
  path: "/containers",
  validateSearch: texts("q", "state", "server", "sort"),
  component: lazyPart(() => import("../pages/containers.tsx").then((file) => file.ContainersPage)),
});

const container = createRoute({
  getParentRoute: () => rootRoute,
  path: "/containers/$id",
  validateSearch: texts("tab"),
  component: lazyPart(() => import("../pages/container/container.tsx").then((file) => file.ContainerPage)),
});

const databases = createRoute({
  getParentRoute: () => rootRoute,
  path: "/databases",
  validateSearch: texts("q", "state", "engine", "role", "sort"),
  component: lazyPart(() => import("../pages/databases/databases.tsx").then((file) => file.DatabasesPage)),
});

const database = createRoute({
  getParentRoute: () => rootRoute,
  path: "/databases/$id",
  validateSearch: texts("tab", "range", "from", "to"),
  component: lazyPart(() => import("../pages/databases/database.tsx").then((file) => file.DatabasePage)),
});

const storage = createRoute({
  getParentRoute: () => rootRoute,
  path: "/storage",
  validateSearch: texts("tab", "q", "server", "state", "type", "sort"),
  component: lazyPart(() => import("../pages/storage/storage.tsx").then((file) => file.StoragePage)),
});

const drive = createRoute({
  getParentRoute: () => rootRoute,
  path: "/storage/drives/$id",
  validateSearch: texts("tab", "range", "from", "to"),
  component: lazyPart(() => import("../pages/storage/drive.tsx").then((file) => file.DrivePage)),
});

const pool = createRoute({
  getParentRoute: () => rootRoute,
  path: "/storage/pools/$id",
  validateSearch: texts("range", "from", "to"),
  component: lazyPart(() => import("../pages/storage/pool.tsx").then((file) => file.PoolPage)),
});

const controller = createRoute({
  getParentRoute: () => rootRoute,
  path: "/storage/controllers/$id",
  validateSearch: texts("range", "from", "to"),
  component: lazyPart(() => import("../pages/storage/controller.tsx").then((file) => file.ControllerPage)),
});

const filesystem = createRoute({
  getParentRoute: () => rootRoute,
  path: "/storage/filesystems/$id",
  validateSearch: texts("range", "from", "to"),
  component: lazyPart(() => import("../pages/storage/filesystem.tsx").then((file) => file.FilesystemPage)),
});

const commands = createRoute({
  getParentRoute: () => rootRoute,
  path: "/commands",
  validateSearch: texts("status", "type", "server"),
  component: lazyPart(() => import("../pages/commands.tsx").then((file) => file.CommandsPage)),
});

const command = createRoute({
  getParentRoute: () => rootRoute,
  path: "/commands/$id",
  component: lazyPart(() => import("../pages/command.tsx").then((file) => file.CommandPage)),
});

const alerts = createRoute({
  getParentRoute: () => rootRoute,
  path: "/alerts",
  validateSearch: texts("tab", "state", "severity"),
  component: lazyPart(() => import("../pages/alerts/alerts.tsx").then((file) => file.AlertsPage)),
});

const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  validateSearch: texts("tab", "q", "action"),
  component: lazyPart(() => import("../pages/settings/settings.tsx").then((file) => file.SettingsPage)),
});

function NotFound() {
  return (
    <EmptyState
      title="There is no such page"
      action={
        <Link to="/servers" className={buttonClass("plain")}>
          To the servers
        </Link>
      }
    >
      The address may be mistyped, or what it named is gone.
    </EmptyState>
  );
}

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    index,
    servers,
    server,
    containers,
    container,
    databases,
    database,
    storage,
    drive,
    pool,
    filesystem,
    controller,
    commands,
    command,
    alerts,
    settings,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingComponent: () => <LoadingRows />,
  defaultErrorComponent: ({ error, reset }: ErrorComponentProps) => <ErrorState error={error} onRetry={reset} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

import type { Route } from "../route.ts";
import { auth } from "./auth.ts";
import { users } from "./users.ts";

/** Every route of the API, file by file; a test compares the folder with this list. */
export const routeFiles: Record<string, readonly Route[]> = {
  auth,
  users,
};

export const routes: readonly Route[] = Object.values(routeFiles).flat();

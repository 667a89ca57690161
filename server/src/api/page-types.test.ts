import { expectTypeOf, test } from "vitest";
import type * as PageDatabases from "../../web/src/api/database-types.ts";
import type * as Page from "../../web/src/api/types.ts";
import type { CommandView } from "../db/queries/commands.ts";
import type { JobStatus } from "../jobs/scheduler.ts";
import type { ApiToken } from "../services/auth/list-tokens.ts";
import type { Container } from "../services/container/list-containers.ts";
import type { ContainerUpdate } from "../services/container/list-updates.ts";
import type { DatabaseDetail, DatabaseSummary } from "../services/database/list-databases.ts";
import type { EnrolmentToken } from "../services/enrolment/list-tokens.ts";
import type { Health } from "../services/health/check-health.ts";
import type { Resource, StateChange } from "../services/resource/list-resources.ts";
import type { Collector } from "../services/server/list-collectors.ts";
import type { Server } from "../services/server/list-servers.ts";
import type { User } from "../services/user/list-users.ts";

/** What becomes of a value on its way through JSON: times are ISO 8601 strings. */
type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

/** Checked by the compiler: `npm run verify` fails where the page expects what the API does not answer. */
test("the page's shapes are what the API answers", () => {
  expectTypeOf<Wire<ApiToken>>().toExtend<Page.ApiToken>();
  expectTypeOf<Wire<Collector>>().toExtend<Page.CollectorStatus>();
  expectTypeOf<Wire<CommandView>>().toExtend<Page.Command>();
  expectTypeOf<Wire<Container>>().toExtend<Page.Container>();
  expectTypeOf<Wire<ContainerUpdate>>().toExtend<Page.ContainerUpdate>();
  expectTypeOf<Wire<DatabaseSummary>>().toExtend<PageDatabases.Database>();
  expectTypeOf<Wire<DatabaseDetail>>().toExtend<PageDatabases.DatabaseDetail>();
  expectTypeOf<Wire<EnrolmentToken>>().toExtend<Page.EnrolmentToken>();
  expectTypeOf<Wire<Health>>().toExtend<Page.Health>();
  expectTypeOf<Wire<JobStatus>>().toExtend<Page.Job>();
  expectTypeOf<Wire<Resource>>().toExtend<Page.Resource>();
  expectTypeOf<Wire<Server>>().toExtend<Page.Server>();
  expectTypeOf<Wire<StateChange>>().toExtend<Page.StateChange>();
  expectTypeOf<Wire<User>>().toExtend<Page.UserRow>();
});

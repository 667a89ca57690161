import { z } from "@hono/zod-openapi";
import { createUser } from "../../services/user/create-user.ts";
import { listUsers, userSorts } from "../../services/user/list-users.ts";
import { updateUser } from "../../services/user/update-user.ts";
import { instant, listOf, listQuery, type Route, route, uuidParams } from "../route.ts";

export const role = z.enum(["viewer", "operator", "admin"]);

export const userSchema = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role,
    mustChangePassword: z.boolean(),
    disabledAt: instant.nullable(),
    lastSeenAt: instant.nullable(),
    createdAt: instant,
  })
  .openapi("User");

const tag = "people";
const name = z.string().trim().min(1).max(200);

/** The pattern of a route file: schemas on top, then a literal array; what happens stands in services/<entity>/<verb>.ts. */
export const users: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/users",
    permission: "admin",
    tag,
    summary: "List users",
    query: listQuery(userSorts, "email").extend({ role: role.optional() }),
    answer: listOf(userSchema),
    handle: ({ context, query }) => listUsers(context, query),
  }),
  route({
    method: "post",
    path: "/api/v1/users",
    permission: "admin",
    tag,
    summary: "Make a user",
    description: "The one-time password in the answer is shown this once and must be changed at the first sign-in.",
    body: z.strictObject({ email: z.email().max(200), name, role }),
    answer: userSchema.extend({ oneTimePassword: z.string() }),
    status: 201,
    handle: ({ context, actor, body }) => createUser(context, actor, body),
  }),
  route({
    method: "patch",
    path: "/api/v1/users/{id}",
    permission: "admin",
    tag,
    summary: "Change a user",
    params: uuidParams,
    body: z.strictObject({ name: name.optional(), role: role.optional(), disabled: z.boolean().optional() }),
    answer: userSchema,
    handle: ({ context, actor, params, body }) => updateUser(context, actor, params.id, body),
  }),
];

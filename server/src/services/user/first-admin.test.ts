import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { systemActor } from "../../context.ts";
import { ensureFirstAdmin } from "./first-admin.ts";
import { resetPassword } from "./reset-password.ts";

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const signIn = (email: string, password: string) =>
  api.call("POST", "/api/v1/auth/login", { body: { email, password } });

test("made once, however many servers start, with a password that must be changed", async () => {
  const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdmin(api.context)));
  const passwords = made.flatMap((one) => one.oneTimePassword ?? []);
  expect(passwords.length).toBe(1);
  expect(passwords[0]).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  expect((await signIn("admin@fairlead.local", passwords[0]!)).body.mustChangePassword).toBe(true);
  expect(await ensureFirstAdmin(api.context)).toEqual({ email: "admin@fairlead.local" });
});

test("the way back in", async () => {
  const password = await resetPassword(api.context, systemActor, "Admin@fairlead.local");
  expect((await signIn("admin@fairlead.local", password)).body.mustChangePassword).toBe(true);
  await expect(resetPassword(api.context, systemActor, "nobody@x")).rejects.toThrow("There is no user nobody@x");
});

test("preset by configuration: nothing to print, nothing to change", async () => {
  const preset = await testApi({}, { FAIRLEAD_ADMIN_EMAIL: "me@example.com", FAIRLEAD_ADMIN_PASSWORD: "ten letters" });
  try {
    expect(await ensureFirstAdmin(preset.context)).toEqual({ email: "me@example.com" });
    const body = { email: "me@example.com", password: "ten letters" };
    expect((await preset.call("POST", "/api/v1/auth/login", { body })).body.mustChangePassword).toBe(false);
  } finally {
    await preset.close();
  }
});

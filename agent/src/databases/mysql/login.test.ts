import { authPlugins } from "mysql2";
import { expect, test } from "vitest";
import { guardedPlugins } from "./login.ts";

const nonce = Buffer.from("0123456789abcdefghij");
const start = (name: string, password: string) => guardedPlugins[name]?.({ connection: { config: { password } } });

test.each(["", "pw", "pässwörd 'x'"])("the scramble is the driver's own: %s", (password) => {
  const theirs = authPlugins.caching_sha2_password({})({ connection: { config: { password } } } as never);
  expect(start("caching_sha2_password", password)?.(nonce)).toEqual(theirs(nonce));
});

test("without TLS to another host a password is sent to nobody who asks for it", () => {
  const plugin = start("caching_sha2_password", "pw");
  plugin?.(nonce);
  expect(plugin?.(Buffer.from([3]))).toBeNull();
  expect(() => plugin?.(Buffer.from([4]))).toThrow("not sent without TLS: set tls.mode to require");
  expect(() => start("sha256_password", "pw")?.(nonce)).toThrow("not sent without TLS");
});

import { type Context, systemActor } from "../context.ts";
import { openDatabase, openPool } from "../db/connect.ts";
import { resetPassword } from "../services/user/reset-password.ts";

/** `reset-password`: a new one-time password for an account that nobody can sign in to. Throws a Failure. */
export async function resetPasswordOf(options: {
  email: string;
  databaseUrl: string;
  print: (line: string) => void;
}): Promise<void> {
  const db: Context["db"] = openDatabase(openPool(options.databaseUrl, 2, () => {}));
  try {
    const password = await resetPassword({ db }, { ...systemActor, name: "command line" }, options.email);
    options.print(`${options.email}: one-time password ${password}`);
    options.print("It must be changed at the next sign-in. All sessions of the account have ended.");
  } finally {
    await db.destroy();
  }
}

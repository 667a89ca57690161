import { useState } from "react";
import { post } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Me } from "../api/types.ts";
import { Brand } from "../app/shell.tsx";
import { Field, Form } from "../ui/form.tsx";
import { useTitle } from "../ui/page.tsx";

function Frame({ title, sub, children }: { title: string; sub: string; children: React.ReactNode }) {
  useTitle(title);
  return (
    <main className="flex min-h-dvh items-start justify-center px-4 pt-[14vh]">
      <div className="w-full max-w-sm">
        <Brand />
        <div className="panel mt-4 p-5">
          <h1 className="text-base font-semibold">{title}</h1>
          <p className="mt-0.5 mb-4 text-muted">{sub}</p>
          {children}
        </div>
      </div>
    </main>
  );
}

export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  async function signIn() {
    const me = await post<Me>("auth/login", { email, password });
    queryClient.setQueryData<Me>(["me"], me);
    // One-time passwords are asked for again on the next screen: it needs them once more.
    if (me.mustChangePassword) queryClient.setQueryData(["one-time-password"], password);
  }
  return (
    <Frame title="Sign in" sub="The first administrator's password was printed when the server started.">
      <Form onSubmit={signIn} submit="Sign in" disabled={!email || !password}>
        {(error) => (
          <>
            <Field label="E-mail" error={error("email")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  type="email"
                  name="email"
                  autoComplete="username"
                  // biome-ignore lint/a11y/noAutofocus: the only thing to do on this page
                  autoFocus
                  value={email}
                  onChange={(event) => setEmail(event.target.value)}
                />
              )}
            </Field>
            <Field label="Password" error={error("password")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  type="password"
                  name="password"
                  autoComplete="current-password"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              )}
            </Field>
          </>
        )}
      </Form>
    </Frame>
  );
}

/** Shown instead of everything else while a one-time password holds. */
export function MustChangePassword() {
  return (
    <Frame title="Choose your own password" sub="The one you signed in with was for one use only.">
      <PasswordForm known={queryClient.getQueryData<string>(["one-time-password"])} />
    </Frame>
  );
}

export function PasswordForm({ known, onDone }: { known?: string | undefined; onDone?: () => void }) {
  const [current, setCurrent] = useState(known ?? "");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== next;
  async function change() {
    await post("auth/password", { currentPassword: current, newPassword: next });
    queryClient.removeQueries({ queryKey: ["one-time-password"] });
    queryClient.setQueryData<Me>(["me"], (old) => (old ? { ...old, mustChangePassword: false } : old));
    setCurrent("");
    setNext("");
    setAgain("");
    onDone?.();
  }
  const input = (value: string, set: (value: string) => void, autoComplete: string) => (attributes: object) => (
    <input
      {...attributes}
      className="field"
      type="password"
      autoComplete={autoComplete}
      value={value}
      onChange={(event) => set(event.target.value)}
    />
  );
  return (
    <Form onSubmit={change} submit="Set password" disabled={!current || !next || again !== next}>
      {(error) => (
        <>
          {!known && (
            <Field label="Current password" error={error("currentPassword")}>
              {input(current, setCurrent, "current-password")}
            </Field>
          )}
          <Field label="New password" hint="At least 10 characters." error={error("newPassword")}>
            {input(next, setNext, "new-password")}
          </Field>
          <Field label="New password again" error={differs ? "The two differ." : undefined}>
            {input(again, setAgain, "new-password")}
          </Field>
        </>
      )}
    </Form>
  );
}

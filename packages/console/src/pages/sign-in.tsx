import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiClient, SignInPath } from "../api/client.ts";
import { useAction } from "../api/use-action.ts";
import { navigate, useLocation } from "../router.ts";
import { Mark } from "../shell.tsx";
import { Field, Form, textOf } from "../ui/form.tsx";

interface SignInProps {
  readonly api: ApiClient;
  /** Why somebody who was signed in is here. */
  readonly why: string | null;
  readonly onSignedIn: () => void;
}

/** Logging in and registering, which differ in a field. */
export function SignIn({ api, why, onSignedIn }: SignInProps): JSX.Element {
  const { path, query } = useLocation();
  const [isNew, setIsNew] = useState(path === "/register");
  const referralCode = query.get("ref");
  const title = isNew ? "Create your account" : "Sign in";
  useEffect(() => {
    document.title = `${title} · Console`;
  }, [title]);
  const action = useAction(
    (form: FormData) => {
      const password = form.get("password");
      const login = { email: textOf(form, "email"), password };
      if (!isNew) return api.signIn("/v1/auth/login" satisfies SignInPath, login);
      const referral = referralCode === null ? {} : { referral_code: referralCode };
      return api.signIn("/v1/auth/register", { name: textOf(form, "name"), ...login, ...referral });
    },
    () => {
      if (path === "/register" || path === "/login") navigate("/", { replace: true });
      onSignedIn();
    },
  );
  const change = (): void => {
    action.clear();
    setIsNew(!isNew);
  };
  return (
    <main class="alone">
      <div class="sign-in">
        <Mark />
        <h1>{title}</h1>
        <p class="faint">One API for every model, prepaid, charged to the nano-dollar.</p>
        {why === null ? null : (
          <p class="notice" role="status">
            {why}
          </p>
        )}
        <Form action={action} submit={isNew ? "Create account" : "Sign in"}>
          {isNew ? <Field label="Company" name="name" required autocomplete="organization" /> : null}
          <Field label="E-mail" name="email" type="email" required autocomplete="username" />
          <Field
            label="Password"
            name="password"
            type="password"
            required
            autocomplete={isNew ? "new-password" : "current-password"}
            {...(isNew ? { hint: "At least 8 characters. Longer is better: a sentence will do." } : {})}
          />
        </Form>
        <p class="faint">
          {isNew ? "You have an account? " : "New here? "}
          <button type="button" class="plain link" onClick={change}>
            {isNew ? "Sign in" : "Create an account"}
          </button>
        </p>
      </div>
    </main>
  );
}

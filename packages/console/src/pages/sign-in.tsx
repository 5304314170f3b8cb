import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiClient } from "../api/client.ts";
import { useSignIn } from "../api/use-sign-in.ts";
import { Alone } from "../parts/alone.tsx";
import { CompanySignIn } from "../parts/company-sign-in.tsx";
import { SecondStep } from "../parts/second-step.tsx";
import { navigate, useLocation } from "../router.ts";
import { Field, Form, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";

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
  const finish = (): void => {
    if (path === "/register" || path === "/login") navigate("/", { replace: true });
    onSignedIn();
  };
  const { action, challenge, restart } = useSignIn(api, finish);
  const send = (form: FormData): void => {
    const login = { email: textOf(form, "email"), password: form.get("password") };
    if (!isNew) return action.run({ path: "/v1/auth/login", body: login });
    const referral = referralCode === null ? {} : { referral_code: referralCode };
    action.run({ path: "/v1/auth/register", body: { name: textOf(form, "name"), ...login, ...referral } });
  };
  const change = (): void => {
    action.clear();
    setIsNew(!isNew);
  };
  if (challenge !== null) return <SecondStep {...{ api, challenge, onSignedIn: finish, onRestart: restart }} />;
  return (
    <Alone
      title={isNew ? "Create your account" : "Sign in"}
      lead="One API for every model, prepaid, charged to the nano-dollar."
    >
      {why === null ? null : (
        <p class="notice" role="status">
          {why}
        </p>
      )}
      <Form action={{ ...action, run: send }} submit={isNew ? "Create account" : "Sign in"}>
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
      {isNew ? null : <CompanySignIn api={api} />}
      <p class="faint">
        {isNew ? "You have an account? " : "New here? "}
        <button type="button" class="plain link" onClick={change}>
          {isNew ? "Sign in" : "Create an account"}
        </button>
      </p>
      {isNew ? null : (
        <p>
          <Link to="/forgot-password">Forgot your password?</Link>
        </p>
      )}
    </Alone>
  );
}

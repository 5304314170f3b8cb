import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { takeOidcLogin } from "../api/oidc-login.ts";
import { useSignIn } from "../api/use-sign-in.ts";
import type { EntranceProps } from "../entrances.tsx";
import { navigate, useLocation } from "../router.ts";
import { Alone } from "../parts/alone.tsx";
import { SecondStep } from "../parts/second-step.tsx";
import { Link } from "../ui/link.tsx";
import { Failure, Loading } from "../ui/states.tsx";

/** Where the company's own sign-in sends the browser back to. */
export function OidcReturn({ api, onSignedIn }: EntranceProps): JSX.Element {
  const { query } = useLocation();
  const [returned] = useState(() => ({
    loginToken: takeOidcLogin(),
    code: query.get("code"),
    state: query.get("state"),
    iss: query.get("iss"),
  }));
  const { action, challenge } = useSignIn(api, onSignedIn);
  const { loginToken, code, state, iss } = returned;
  const isComplete = loginToken !== null && code !== null && state !== null;
  useEffect(() => {
    // What is good once is not kept in the history.
    navigate("/oidc", { replace: true });
    const body = { login_token: loginToken, code, state, ...(iss === null ? {} : { iss }) };
    if (isComplete) action.run({ path: "/v1/auth/oidc/callback", body });
  }, []);
  const restart = (): void => navigate("/", { replace: true });
  if (challenge !== null) return <SecondStep {...{ api, challenge, onSignedIn, onRestart: restart }} />;
  if (isComplete && action.error === null) return <Loading />;
  return (
    <Alone title="You are not signed in">
      {action.error === null ? (
        <p class="notice bad" role="alert">
          Your company's sign-in was not finished, or was begun in another tab.
        </p>
      ) : (
        <Failure error={action.error} />
      )}
      <p>
        <Link to="/">Sign in</Link>
      </p>
    </Alone>
  );
}

import type { OidcLoginView } from "@aggregator/contracts/identity";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiClient } from "../api/client.ts";
import { keepOidcLogin } from "../api/oidc-login.ts";
import { useAction } from "../api/use-action.ts";
import { Failure } from "../ui/states.tsx";

const START = "/v1/auth/oidc/start";

/** The way to the company's own sign-in, where the operator has configured one. */
export function CompanySignIn({ api }: { readonly api: ApiClient }): JSX.Element | null {
  const [isThere, setIsThere] = useState(false);
  useEffect(() => {
    void api.ask(START, {}).then((answer) => setIsThere(answer.ok));
  }, [api]);
  const action = useAction(
    () => api.ask<OidcLoginView>(START, {}),
    ({ authorization_url: url, login_token: token }) => {
      keepOidcLogin(token);
      window.location.assign(url);
    },
  );
  if (!isThere) return null;
  return (
    <>
      {action.error === null ? null : <Failure error={action.error} />}
      <button type="button" disabled={action.isRunning} onClick={() => action.run(undefined)}>
        Sign in with your company
      </button>
    </>
  );
}

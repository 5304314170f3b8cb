import type { OwnSessionView } from "@aggregator/contracts/identity";
import type { JSX } from "preact";
import { useApi } from "../api/api-context.ts";
import { usePages } from "../api/use-query.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { List } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Ago, Badge } from "../ui/values.tsx";

const METHODS = {
  password: "Password",
  password_totp: "Password and code",
  oidc: "Company sign-in",
  oidc_totp: "Company sign-in and code",
} as const;

/** Where somebody is signed in, and an end to it. */
export function OwnSessions(): JSX.Element {
  const api = useApi();
  const sessions = usePages<OwnSessionView>("/v1/auth/sessions");
  return (
    <Section
      title="Sessions"
      actions={
        <ConfirmButton
          label="End all others"
          title="End your other sessions?"
          perform={() => api.call("DELETE", "/v1/auth/sessions")}
          onDone={sessions.reload}
        >
          Everywhere but here you have to sign in again.
        </ConfirmButton>
      }
    >
      <List
        label="Sessions"
        pages={sessions}
        columns={["Company", "Proved by", "From", "Begun", "Last used", ""]}
        empty={null}
        row={(session) => (
          <tr key={session.id}>
            <td>
              <bdi>{session.company.name}</bdi>
            </td>
            <td>{METHODS[session.method]}</td>
            <td>{session.ip === null ? <span class="faint">unknown</span> : <code>{session.ip}</code>}</td>
            <td>
              <Ago iso={session.created_at} />
            </td>
            <td>
              <Ago iso={session.refreshed_at} />
            </td>
            <td class="number">
              {session.is_current ? (
                <Badge tone="good">This one</Badge>
              ) : (
                <ConfirmButton
                  label="End"
                  title="End this session?"
                  perform={() => api.call("DELETE", `/v1/auth/sessions/${session.id}`)}
                  onDone={sessions.reload}
                >
                  It is refused on its next request.
                </ConfirmButton>
              )}
            </td>
          </tr>
        )}
      />
    </Section>
  );
}

import type { InvitationView, RoleView } from "@aggregator/contracts/members";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { givenRole } from "../format/role.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Field, Form, Select, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Ago, Badge } from "../ui/values.tsx";

const TONES = { pending: "warn", accepted: "good", revoked: "plain", expired: "plain" } as const;

/** Who is asked to join. */
export function Invitations({ roles }: { readonly roles: readonly RoleView[] }): JSX.Element {
  const api = useApi();
  const mayManage = useMay("invitations:manage");
  const [sent, setSent] = useState(0);
  const invitations = usePages<InvitationView>("/v1/invitations");
  const action = useAction(
    (form: FormData) =>
      api.call("POST", "/v1/invitations", {
        email: textOf(form, "email"),
        ...givenRole(textOf(form, "role"), roles),
      }),
    () => {
      setSent(sent + 1);
      invitations.reload();
    },
  );
  return (
    <Section title="Invitations">
      {mayManage && roles.length > 0 ? (
        <Form key={sent} action={action} submit="Invite" inline>
          <Field label="E-mail" name="email" type="email" required autocomplete="off" />
          <Select
            label="Role"
            name="role"
            options={roles.map(({ id, name }) => [id, name] as const)}
            value="developer"
          />
        </Form>
      ) : null}
      <List
        label="Invitations"
        pages={invitations}
        columns={["E-mail", "Role", "State", "Sent", ""]}
        empty={
          <Empty title="Nobody is invited.">Somebody who is gets a mail with a link that is good for a week.</Empty>
        }
        row={(invitation) => (
          <tr key={invitation.id}>
            <td>
              <bdi>{invitation.email}</bdi>
            </td>
            <td>
              <bdi>{invitation.role}</bdi>
            </td>
            <td>
              <Badge tone={TONES[invitation.status]}>{formatName(invitation.status)}</Badge>
            </td>
            <td>
              <Ago iso={invitation.created_at} />
            </td>
            <td class="number">
              {mayManage && invitation.status === "pending" ? (
                <ConfirmButton
                  label="Take back"
                  title={`Take back the invitation of ${invitation.email}?`}
                  perform={() => api.call("DELETE", `/v1/invitations/${invitation.id}`)}
                  onDone={invitations.reload}
                >
                  Its link is then good no more.
                </ConfirmButton>
              ) : null}
            </td>
          </tr>
        )}
      />
    </Section>
  );
}

import type { MemberView, RoleView } from "@aggregator/contracts/members";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageBody } from "../api/answer.ts";
import { useApi, useMay, useMe } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages, useQuery } from "../api/use-query.ts";
import { givenRole } from "../format/role.ts";
import { Invitations } from "../parts/invitations.tsx";
import { Roles } from "../parts/roles.tsx";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Form, Select, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Failure } from "../ui/states.tsx";
import { Ago, Badge } from "../ui/values.tsx";

/** The company's people, who is invited, and what each may do. */
export function MembersPage(): JSX.Element {
  const roles = useQuery<PageBody<RoleView>>("/v1/roles?limit=100");
  const known = roles.query.state === "ready" ? roles.query.value.data : [];
  return (
    <Page title="Members" lead="The company's people, and what each may do.">
      {roles.query.state === "failed" ? <Failure error={roles.query.error} retry={roles.reload} /> : null}
      <Members roles={known} />
      <Invitations roles={known} />
      <Roles of={known} reload={roles.reload} />
    </Page>
  );
}

function Members({ roles }: { readonly roles: readonly RoleView[] }): JSX.Element {
  const members = usePages<MemberView>("/v1/members");
  return (
    <Section title="Members">
      <List
        label="Members"
        pages={members}
        columns={["E-mail", "Role", "Second factor", "Joined", ""]}
        empty={null}
        row={(member) => <MemberRow key={member.id} of={member} roles={roles} onChanged={members.reload} />}
      />
    </Section>
  );
}

interface MemberProps {
  readonly of: MemberView;
  readonly roles: readonly RoleView[];
  readonly onChanged: () => void;
}

function MemberRow({ of: member, roles, onChanged }: MemberProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("members:manage");
  const isOneself = useMe().member?.id === member.id;
  const [isChanging, setIsChanging] = useState(false);
  const change = (
    <button type="button" onClick={() => setIsChanging(true)}>
      Change role
    </button>
  );
  const remove = (
    <ConfirmButton
      label="Remove"
      title={`Remove ${member.email}?`}
      perform={() => api.call("DELETE", `/v1/members/${member.id}`)}
      onDone={onChanged}
    >
      Its sessions here, and the keys that it made here, end at once.
    </ConfirmButton>
  );
  return (
    <tr>
      <td>
        <bdi>{member.email}</bdi> {member.is_verified ? null : <Badge tone="warn">Not verified</Badge>}
      </td>
      <td>
        <bdi>{member.role}</bdi>
      </td>
      <td>{member.has_second_factor ? <Badge tone="good">On</Badge> : <span class="faint">off</span>}</td>
      <td>
        <Ago iso={member.joined_at} />
      </td>
      <td class="number">
        {isOneself ? <span class="faint">you</span> : null}
        {mayManage && !isOneself ? (
          <div class="actions end">
            {change}
            {remove}
          </div>
        ) : null}
        {isChanging ? (
          <ChangeRole of={member} roles={roles} onClose={() => setIsChanging(false)} onChanged={onChanged} />
        ) : null}
      </td>
    </tr>
  );
}

function ChangeRole({
  of: member,
  roles,
  onChanged,
  onClose,
}: MemberProps & { readonly onClose: () => void }): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) => api.call("PATCH", `/v1/members/${member.id}`, givenRole(textOf(form, "role"), roles)),
    () => {
      onClose();
      onChanged();
    },
  );
  return (
    <Dialog title={`The role of ${member.email}`} onClose={onClose}>
      <Form action={action} submit="Change role">
        <Select
          label="Role"
          name="role"
          options={roles.map(({ id, name }) => [id, name] as const)}
          value={member.role_id ?? member.role}
        />
        <p class="hint">In force on its next request, and for the keys that it made.</p>
      </Form>
    </Dialog>
  );
}

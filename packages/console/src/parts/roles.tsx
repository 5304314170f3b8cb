import type { RoleView } from "@aggregator/contracts/members";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay, useMe } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Check, Field, Form, textOf } from "../ui/form.tsx";
import { Table } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Badge } from "../ui/values.tsx";

interface RolesProps {
  readonly of: readonly RoleView[];
  readonly reload: () => void;
}

/** What members may do: sets of permissions, the platform's and the company's own. */
export function Roles({ of: roles, reload }: RolesProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("roles:manage");
  const [edited, setEdited] = useState<RoleView | "new" | null>(null);
  const create = (
    <button type="button" onClick={() => setEdited("new")}>
      Make a role
    </button>
  );
  return (
    <Section title="Roles" actions={mayManage ? create : undefined}>
      <Table label="Roles" columns={["Role", "May", ""]}>
        {roles.map((role) => (
          <tr key={role.id}>
            <td>
              <bdi>{role.name}</bdi> {role.is_built_in ? <Badge tone="plain">Built in</Badge> : null}
            </td>
            <td>
              <details>
                <summary>{role.permissions.length} permissions</summary>
                <span class="small faint">{role.permissions.join(", ")}</span>
              </details>
            </td>
            <td class="number">
              {mayManage && !role.is_built_in ? (
                <div class="actions end">
                  <button type="button" onClick={() => setEdited(role)}>
                    Change
                  </button>
                  <ConfirmButton
                    label="Remove"
                    title={`Remove the role ${role.name}?`}
                    perform={() => api.call("DELETE", `/v1/roles/${role.id}`)}
                    onDone={reload}
                  >
                    It can be removed while nobody has it and nobody is invited to it.
                  </ConfirmButton>
                </div>
              ) : null}
            </td>
          </tr>
        ))}
      </Table>
      {edited === null ? null : (
        <RoleDialog of={edited === "new" ? null : edited} onClose={() => setEdited(null)} onSaved={reload} />
      )}
    </Section>
  );
}

interface RoleDialogProps {
  /** null: a new one. */
  readonly of: RoleView | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function RoleDialog({ of: role, onClose, onSaved }: RoleDialogProps): JSX.Element {
  const api = useApi();
  const { permissions: own } = useMe();
  const action = useAction(
    (form: FormData) => {
      const input = { name: textOf(form, "name"), permissions: form.getAll("permissions") };
      return role === null
        ? api.call("POST", "/v1/roles", input)
        : api.call("PATCH", `/v1/roles/${role.id}`, input, { ifMatch: role.revision });
    },
    () => {
      onClose();
      onSaved();
    },
  );
  return (
    <Dialog title={role === null ? "Make a role" : `The role ${role.name}`} onClose={onClose}>
      <Form action={action} submit="Save">
        <Field label="Name" name="name" required value={role?.name ?? ""} />
        <fieldset class="checks">
          <legend>Who has it may</legend>
          {own.map((permission) => (
            <Check
              key={permission}
              label={permission}
              name="permissions"
              value={permission}
              checked={role?.permissions.includes(permission) ?? false}
            />
          ))}
        </fieldset>
      </Form>
    </Dialog>
  );
}

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiResult } from "../api/answer.ts";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Page } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";

/** One kind of thing that operators list, add, change and remove. */
export interface Editable<Item> {
  /** The list's path; an item's is below it, by its name. */
  readonly path: string;
  /** What one is called: `model`. */
  readonly noun: string;
  readonly nameOf: (item: Item) => string;
  /** What a new one is named by; it stays. */
  readonly nameField: { readonly label: string; readonly name: string; readonly placeholder: string };
  /** The rest of the form; null: of a new one. */
  readonly fields: (item: Item | null) => ComponentChildren;
  readonly inputOf: (form: FormData) => ApiResult<Readonly<Record<string, unknown>>>;
  /** Said before one is removed. */
  readonly removal: string;
}

interface EditableListPageProps<Item> {
  readonly of: Editable<Item>;
  readonly title: string;
  readonly lead: string;
  readonly columns: readonly string[];
  /** The cells of `columns`. */
  readonly cells: (item: Item) => ComponentChildren;
}

/** A page that lists things and changes them in a dialog. */
export function EditableListPage<Item>({ of: kind, title, lead, columns, cells }: EditableListPageProps<Item>) {
  const api = useApi();
  const pages = usePages<Item>(kind.path);
  const [edited, setEdited] = useState<Item | "new" | null>(null);
  return (
    <Page
      title={title}
      lead={lead}
      actions={
        <button type="button" class="primary" onClick={() => setEdited("new")}>
          Add {kind.noun}
        </button>
      }
    >
      <div class="card">
        <List
          label={title}
          pages={pages}
          columns={[...columns, ""]}
          empty={<Empty title={`No ${kind.noun}s yet.`} />}
          row={(item) => (
            <tr key={kind.nameOf(item)}>
              {cells(item)}
              <td class="number">
                <div class="actions end">
                  <button type="button" onClick={() => setEdited(item)}>
                    Change
                  </button>
                  <ConfirmButton
                    label="Remove"
                    title={`Remove ${kind.nameOf(item)}?`}
                    perform={() => api.call("DELETE", pathOf(kind, item))}
                    onDone={pages.reload}
                  >
                    {kind.removal}
                  </ConfirmButton>
                </div>
              </td>
            </tr>
          )}
        />
      </div>
      {edited === null ? null : (
        <EditDialog
          of={kind}
          item={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={pages.reload}
        />
      )}
    </Page>
  );
}

interface EditDialogProps<Item> {
  readonly of: Editable<Item>;
  /** null: a new one. */
  readonly item: Item | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function EditDialog<Item>({ of: kind, item, onClose, onSaved }: EditDialogProps<Item>): JSX.Element {
  const api = useApi();
  const { name } = kind.nameField;
  const action = useAction(
    async (form: FormData): Promise<ApiResult<unknown>> => {
      const input = kind.inputOf(form);
      if (!input.ok) return input;
      return item === null
        ? api.call("POST", kind.path, { [name]: textOf(form, name), ...input.value })
        : api.call("PATCH", pathOf(kind, item), input.value);
    },
    () => {
      onClose();
      onSaved();
    },
  );
  return (
    <Dialog title={item === null ? `Add a ${kind.noun}` : `Change ${kind.nameOf(item)}`} onClose={onClose}>
      <Form action={action} submit="Save">
        {item === null ? <Field {...kind.nameField} required /> : null}
        {kind.fields(item)}
      </Form>
    </Dialog>
  );
}

function pathOf<Item>({ path, nameOf }: Editable<Item>, item: Item): string {
  return `${path}/${encodeURIComponent(nameOf(item))}`;
}

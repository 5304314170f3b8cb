import type { ModelView } from "@aggregator/contracts/orchestrator";
import { ROUTING_STRATEGIES } from "@aggregator/contracts/routing";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { failed, trusted } from "../../api/answer.ts";
import { useApi } from "../../api/api-context.ts";
import { useAction } from "../../api/use-action.ts";
import { usePages } from "../../api/use-query.ts";
import { formatCountShort, formatName } from "../../format/count.ts";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, Field, Form, Select, TextArea, textOf } from "../../ui/form.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Badge } from "../../ui/values.tsx";

const PATH = "/v1/admin/models";

/** What can be called, who serves it, and at what price. */
export function CataloguePage(): JSX.Element {
  const models = usePages<ModelView>(PATH);
  const [edited, setEdited] = useState<ModelView | "new" | null>(null);
  return (
    <Page
      title="Catalogue"
      lead="Models, the endpoints that serve them and what these cost."
      actions={
        <button type="button" class="primary" onClick={() => setEdited("new")}>
          Add model
        </button>
      }
    >
      <div class="card">
        <List
          label="Catalogue"
          pages={models}
          columns={["Model", "#Context", "Strategy", "Endpoints", ""]}
          empty={<Empty title="No models yet." />}
          row={(model) => (
            <ModelRow key={model.id} of={model} onEdit={() => setEdited(model)} onChanged={models.reload} />
          )}
        />
      </div>
      {edited === null ? null : (
        <ModelDialog of={edited === "new" ? null : edited} onClose={() => setEdited(null)} onSaved={models.reload} />
      )}
    </Page>
  );
}

interface ModelRowProps {
  readonly of: ModelView;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
}

function ModelRow({ of: model, onEdit, onChanged }: ModelRowProps): JSX.Element {
  const api = useApi();
  return (
    <tr>
      <td>
        <code>{model.id}</code>
      </td>
      <td class="number">{model.context_window === null ? "–" : formatCountShort(model.context_window)}</td>
      <td>{formatName(model.strategy)}</td>
      <td>
        {model.endpoints.map((endpoint) => (
          <div key={endpoint.id}>
            {endpoint.provider} {endpoint.enabled ? null : <Badge tone="plain">Off</Badge>}{" "}
            {endpoint.prices === null ? <Badge tone="warn">Not priced</Badge> : null}
          </div>
        ))}
      </td>
      <td class="number">
        <div class="actions end">
          <button type="button" onClick={onEdit}>
            Change
          </button>
          <ConfirmButton
            label="Remove"
            title={`Remove ${model.id}?`}
            perform={() => api.call("DELETE", `${PATH}/${encodeURIComponent(model.id)}`)}
            onDone={onChanged}
          >
            It can be called no more. Receipts keep its name.
          </ConfirmButton>
        </div>
      </td>
    </tr>
  );
}

interface ModelDialogProps {
  /** null: a new one. */
  readonly of: ModelView | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function ModelDialog({ of: model, onClose, onSaved }: ModelDialogProps): JSX.Element {
  const api = useApi();
  const action = useAction(
    async (form: FormData) => {
      const endpoints = parsed(textOf(form, "endpoints"));
      if (endpoints === undefined) return failed(NO_JSON);
      const input = { ...fieldsOf(form), endpoints };
      return model === null
        ? api.call("POST", PATH, { id: textOf(form, "id"), ...input })
        : api.call("PATCH", `${PATH}/${encodeURIComponent(model.id)}`, input);
    },
    () => {
      onClose();
      onSaved();
    },
  );
  return (
    <Dialog title={model === null ? "Add a model" : `Change ${model.id}`} onClose={onClose}>
      <Form action={action} submit="Save">
        {model === null ? <Field label="Id" name="id" required placeholder="openai/gpt-4o" /> : null}
        <div class="columns">
          <Field
            label="Context window"
            name="context_window"
            inputMode="numeric"
            value={String(model?.context_window ?? "")}
          />
          <Field
            label="Longest output"
            name="max_output_tokens"
            inputMode="numeric"
            value={String(model?.max_output_tokens ?? "")}
          />
          <Select label="Strategy" name="strategy" options={STRATEGIES} value={model?.strategy ?? "priority"} />
        </div>
        <Check
          label="A conversation stays with the endpoint that has it cached"
          name="sticky"
          checked={model?.sticky ?? false}
        />
        <TextArea
          label="Endpoints"
          name="endpoints"
          rows={12}
          value={JSON.stringify(model === null ? EXAMPLE : model.endpoints.map(inputOf), null, 2)}
          hint="JSON. Prices in USD per million tokens, as texts. New prices hold from now on; what was charged stays."
        />
      </Form>
    </Dialog>
  );
}

const STRATEGIES = ROUTING_STRATEGIES.map((strategy) => [strategy, formatName(strategy)] as const);
const EXAMPLE = [{ provider: "openai", upstream_model: "gpt-4o", prices: { input: "2.50", output: "10.00" } }];
const NO_JSON = { code: "invalid_request", message: "Endpoints: this is no JSON.", status: 0 } as const;

function inputOf({ provider, upstream_model, enabled, weight, prices }: ModelView["endpoints"][number]) {
  return { provider, upstream_model, enabled, weight, prices };
}

function fieldsOf(form: FormData): Readonly<Record<string, unknown>> {
  const count = (name: string): number | null => (textOf(form, name) === "" ? null : Number(textOf(form, name)));
  return {
    context_window: count("context_window"),
    max_output_tokens: count("max_output_tokens"),
    strategy: textOf(form, "strategy"),
    sticky: form.has("sticky"),
  };
}

function parsed(text: string): unknown {
  try {
    return trusted<unknown>(text);
  } catch {
    return undefined;
  }
}

import type { ModelView } from "@aggregator/contracts/orchestrator";
import { ROUTING_STRATEGIES } from "@aggregator/contracts/routing";
import type { JSX } from "preact";
import { type ApiResult, failed, trusted } from "../../api/answer.ts";
import { formatCountShort, formatName } from "../../format/count.ts";
import { type Editable, EditableListPage } from "../../parts/editable-list.tsx";
import { Check, Field, Select, TextArea, textOf } from "../../ui/form.tsx";
import { Badge } from "../../ui/values.tsx";

const MODELS: Editable<ModelView> = {
  path: "/v1/admin/models",
  noun: "model",
  nameOf: ({ id }) => id,
  nameField: { label: "Id", name: "id", placeholder: "openai/gpt-4o" },
  fields: (model) => <ModelFields of={model} />,
  inputOf,
  removal: "It can be called no more. Receipts keep its name.",
};

/** What can be called, who serves it, and at what price. */
export function CataloguePage(): JSX.Element {
  return (
    <EditableListPage
      of={MODELS}
      title="Catalogue"
      lead="Models, the endpoints that serve them and what these cost."
      columns={["Model", "#Context", "Strategy", "Endpoints"]}
      cells={(model) => (
        <>
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
        </>
      )}
    />
  );
}

function ModelFields({ of: model }: { readonly of: ModelView | null }): JSX.Element {
  return (
    <>
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
        value={JSON.stringify(model === null ? EXAMPLE : model.endpoints.map(endpointInputOf), null, 2)}
        hint="JSON. Prices in USD per million tokens, as texts. New prices hold from now on; what was charged stays."
      />
    </>
  );
}

const STRATEGIES = ROUTING_STRATEGIES.map((strategy) => [strategy, formatName(strategy)] as const);
const EXAMPLE = [{ provider: "openai", upstream_model: "gpt-4o", prices: { input: "2.50", output: "10.00" } }];
const NO_JSON = { code: "invalid_request", message: "Endpoints: this is no JSON.", status: 0 } as const;

function endpointInputOf({ provider, upstream_model, enabled, weight, prices }: ModelView["endpoints"][number]) {
  return { provider, upstream_model, enabled, weight, prices };
}

function inputOf(form: FormData): ApiResult<Readonly<Record<string, unknown>>> {
  const endpoints = parsed(textOf(form, "endpoints"));
  if (endpoints === undefined) return failed(NO_JSON);
  const count = (name: string): number | null => (textOf(form, name) === "" ? null : Number(textOf(form, name)));
  const value = {
    context_window: count("context_window"),
    max_output_tokens: count("max_output_tokens"),
    strategy: textOf(form, "strategy"),
    sticky: form.has("sticky"),
    endpoints,
  };
  return { ok: true, value };
}

function parsed(text: string): unknown {
  try {
    return trusted<unknown>(text);
  } catch {
    return undefined;
  }
}

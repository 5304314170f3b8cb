import type { Actor } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { ModelView, PlanRequest, ProviderView } from "@aggregator/contracts/orchestrator";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../src/env.ts";
import OrchestratorWorker from "../src/index.ts";

export const context: CallContext = {
  requestId: "019ab000-0000-7000-8000-000000000001",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
};

export const operator: Actor = {
  kind: "member",
  companyId: "company-of-the-operator",
  memberId: "member-1",
  keyId: null,
  permissions: [],
  platformAdmin: true,
};

/** Somebody with every permission of a company, who is no operator. */
export const owner: Actor = {
  ...operator,
  companyId: "company-1",
  permissions: [
    "provider_credentials:read",
    "provider_credentials:manage",
    "provider_preferences:read",
    "provider_preferences:manage",
  ],
  platformAdmin: false,
};

/** The Worker over the test's own database; `changes` replace variables or bindings. */
export function orchestrator(changes: Partial<Env> = {}): OrchestratorWorker {
  return new OrchestratorWorker(createExecutionContext(), { ...env, ...changes });
}

/** The value of an answer that must be one. */
export async function valueOf<Value>(answer: Promise<Result<Value>>): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** The error of an answer that must be one. */
export async function errorOf(answer: Promise<Result<unknown>>): Promise<ErrorValue> {
  const result = await answer;
  if (result.ok) throw new Error(`expected an error, got ${JSON.stringify(result.value)}`);
  return result.error;
}

let serial = 0;
/** A name that no other test of the file uses: price rows cannot be deleted, so nothing is cleared. */
export function fresh(prefix: string): string {
  serial += 1;
  return `${prefix}-${serial}`;
}

export function addProvider(input: Record<string, unknown> = {}): Promise<ProviderView> {
  return valueOf(
    orchestrator().createProvider(context, operator, {
      slug: fresh("provider"),
      kind: "openai-compatible",
      base_url: "https://provider.example.com/v1",
      api_key: "sk-test-0123456789",
      ...input,
    }),
  );
}

/** A model at the given providers, at one price each (USD per million input tokens, output at twice that). */
export function addModel(
  at: Readonly<Record<string, string | null>>,
  input: Record<string, unknown> = {},
): Promise<ModelView> {
  return valueOf(
    orchestrator().createModel(context, operator, {
      id: fresh("vendor/model"),
      endpoints: Object.entries(at).map(([provider, price]) => ({
        provider,
        upstream_model: "upstream",
        prices: price === null ? null : { input: price, output: price },
      })),
      ...input,
    }),
  );
}

export function planFor(model: string, request: Partial<PlanRequest> = {}): ReturnType<OrchestratorWorker["plan"]> {
  return orchestrator().plan(context, {
    companyId: "company-1",
    endpoint: "/v1/chat/completions",
    models: [model],
    preferences: [],
    allowedModels: null,
    allowedProviders: null,
    ...request,
  });
}

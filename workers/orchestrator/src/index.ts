import { WorkerEntrypoint } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { OrchestratorApi, PlanRequest } from "@aggregator/contracts/orchestrator";
import type { HealthReport } from "@aggregator/contracts/provider-health";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { traceparentOf } from "@aggregator/runtime/traceparent";
import { type Call, openCall } from "./call.ts";
import type { Env } from "./env.ts";
import { adminHealth, adminResetHealth } from "./operations/admin-health.ts";
import { checkHealth } from "./operations/check-health.ts";
import { createModel } from "./operations/create-model.ts";
import { createProvider } from "./operations/create-provider.ts";
import { deleteModel } from "./operations/delete-model.ts";
import { deleteProvider } from "./operations/delete-provider.ts";
import { getCatalogueModel } from "./operations/get-catalogue-model.ts";
import { getModel } from "./operations/get-model.ts";
import { getProvider } from "./operations/get-provider.ts";
import { listCatalogueModels } from "./operations/list-catalogue-models.ts";
import { listModels } from "./operations/list-models.ts";
import { listProviders } from "./operations/list-providers.ts";
import { plan } from "./operations/plan.ts";
import { probeProviders } from "./operations/probe-providers.ts";
import { providerCircuits } from "./operations/provider-circuits.ts";
import { reportHealth } from "./operations/report-health.ts";
import { updateModel } from "./operations/update-model.ts";
import { updateProvider } from "./operations/update-provider.ts";
import { getProviderPreferences } from "./operations/get-provider-preferences.ts";
import { setProviderPreferences } from "./operations/set-provider-preferences.ts";
import { listProviderCredentials } from "./operations/list-provider-credentials.ts";
import { getProviderCredential } from "./operations/get-provider-credential.ts";
import { createProviderCredential } from "./operations/create-provider-credential.ts";
import { updateProviderCredential } from "./operations/update-provider-credential.ts";
import { deleteProviderCredential } from "./operations/delete-provider-credential.ts";
import { listModelAliases } from "./operations/list-model-aliases.ts";
import { getModelAlias } from "./operations/get-model-alias.ts";
import { setModelAlias } from "./operations/set-model-alias.ts";
import { deleteModelAlias } from "./operations/delete-model-alias.ts";
import { explainRouting } from "./operations/explain-routing.ts";
import { listRoutingRules } from "./operations/list-routing-rules.ts";
import { setRoutingRule } from "./operations/set-routing-rule.ts";
import { deleteRoutingRule } from "./operations/delete-routing-rule.ts";
import { serve } from "./serve.ts";

export { ProviderHealth } from "./health/provider-health.ts";

/** Which endpoints serve a request, in which order, at what price; see `OrchestratorApi` for what each method guarantees. */
export default class OrchestratorWorker extends WorkerEntrypoint<Env> implements OrchestratorApi {
  plan(context: CallContext, request: PlanRequest) {
    return this.#serve(context, "plan", (call) => plan(call, request));
  }
  listModels(context: CallContext) {
    return this.#serve(context, "listModels", listModels);
  }
  getModel(context: CallContext, id: string) {
    return this.#serve(context, "getModel", (call) => getModel(call, id));
  }
  listProviders(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listProviders", (call) => listProviders(call, actor, query));
  }
  getProvider(context: CallContext, actor: Actor, slug: string) {
    return this.#serve(context, "getProvider", (call) => getProvider(call, actor, slug));
  }
  createProvider(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createProvider", (call) => createProvider(call, actor, input));
  }
  updateProvider(context: CallContext, actor: Actor, slug: string, input: unknown) {
    return this.#serve(context, "updateProvider", (call) => updateProvider(call, actor, slug, input));
  }
  deleteProvider(context: CallContext, actor: Actor, slug: string) {
    return this.#serve(context, "deleteProvider", (call) => deleteProvider(call, actor, slug));
  }
  listCatalogueModels(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listCatalogueModels", (call) => listCatalogueModels(call, actor, query));
  }
  getCatalogueModel(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getCatalogueModel", (call) => getCatalogueModel(call, actor, id));
  }
  createModel(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createModel", (call) => createModel(call, actor, input));
  }
  updateModel(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "updateModel", (call) => updateModel(call, actor, id, input));
  }
  deleteModel(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "deleteModel", (call) => deleteModel(call, actor, id));
  }
  getProviderPreferences(context: CallContext, actor: Actor) {
    return this.#serve(context, "getProviderPreferences", (call) => getProviderPreferences(call, actor));
  }
  setProviderPreferences(context: CallContext, actor: Actor, input: unknown, ifMatch: string | null) {
    return this.#serve(context, "setProviderPreferences", (call) =>
      setProviderPreferences(call, actor, input, ifMatch),
    );
  }
  listProviderCredentials(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listProviderCredentials", (call) => listProviderCredentials(call, actor, query));
  }
  getProviderCredential(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getProviderCredential", (call) => getProviderCredential(call, actor, id));
  }
  createProviderCredential(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createProviderCredential", (call) => createProviderCredential(call, actor, input));
  }
  updateProviderCredential(context: CallContext, actor: Actor, id: string, input: unknown, ifMatch: string | null) {
    return this.#serve(context, "updateProviderCredential", (call) =>
      updateProviderCredential(call, actor, id, input, ifMatch),
    );
  }
  deleteProviderCredential(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "deleteProviderCredential", (call) => deleteProviderCredential(call, actor, id));
  }
  listModelAliases(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listModelAliases", (call) => listModelAliases(call, actor, query));
  }
  getModelAlias(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getModelAlias", (call) => getModelAlias(call, actor, id));
  }
  setModelAlias(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "setModelAlias", (call) => setModelAlias(call, actor, id, input));
  }
  deleteModelAlias(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "deleteModelAlias", (call) => deleteModelAlias(call, actor, id));
  }
  listRoutingRules(context: CallContext, actor: Actor) {
    return this.#serve(context, "listRoutingRules", (call) => listRoutingRules(call, actor));
  }
  setRoutingRule(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "setRoutingRule", (call) => setRoutingRule(call, actor, id, input));
  }
  deleteRoutingRule(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "deleteRoutingRule", (call) => deleteRoutingRule(call, actor, id));
  }
  explainRouting(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "explainRouting", (call) => explainRouting(call, actor, input));
  }
  reportHealth(context: CallContext, report: HealthReport) {
    return this.#serve(context, "reportHealth", (call) => reportHealth(call, report));
  }
  adminHealth(context: CallContext, actor: Actor) {
    return this.#serve(context, "adminHealth", (call) => adminHealth(call, actor));
  }
  providerCircuits(context: CallContext) {
    return this.#serve(context, "providerCircuits", providerCircuits);
  }
  adminResetHealth(context: CallContext, actor: Actor, endpointId: string) {
    return this.#serve(context, "adminResetHealth", (call) => adminResetHealth(call, actor, endpointId));
  }
  health(context: CallContext) {
    return this.#serve(context, "health", checkHealth);
  }

  /** Every minute: asks providers that are passed by whether they are back. */
  override async scheduled(): Promise<void> {
    await probeProviders(openCall(this.env, { requestId: newId(), traceparent: traceparentOf(null) }));
  }

  #serve<Value, Failure extends ErrorValue>(
    context: CallContext,
    operation: string,
    run: (call: Call) => Promise<Result<Value, Failure>>,
  ) {
    return serve(this.env, context, operation, run);
  }
}

import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { CompanyRoutingApi } from "./company-routing.ts";
import type { DataPlaneEndpoint } from "./data-plane.ts";
import type { Page } from "./page.ts";
import type { PricesView, PriceVersion } from "./prices.ts";
import type { ProviderKind } from "./provider-kinds.ts";
import type { ProviderHealthApi } from "./provider-health.ts";
import type { ProviderPreferences } from "./provider-preferences.ts";
import type { Answer, ErrorValue, Result } from "./result.ts";
import type { RoutingAdminApi } from "./routing-admin.ts";
import type { RoutingRule, RoutingStrategy, Spread } from "./routing.ts";

/** `stop`: abort upstream when the client leaves; `drain`: read to the end and bill what was reported. */
export type DisconnectPolicy = "stop" | "drain";

export interface PlanRequest {
  readonly companyId: string;
  readonly endpoint: DataPlaneEndpoint;
  /** Requested model first, then the request's own fallbacks. */
  readonly models: readonly string[];
  /** Most specific first: request, key, company. */
  readonly preferences: readonly ProviderPreferences[];
  readonly allowedModels: readonly string[] | null;
  readonly allowedProviders: readonly string[] | null;
}

/** One way to serve the request. Holds a secret: never logged, never stored, never returned to a client. */
export interface PlannedEndpoint {
  readonly endpointId: string;
  readonly provider: string;
  readonly kind: ProviderKind;
  /** As the vendor's own client takes it. */
  readonly baseUrl: string;
  readonly upstreamModel: string;
  /** Catalogue id. */
  readonly model: string;
  readonly credential: {
    readonly id: string;
    /** null: the provider takes none. */
    readonly secret: string | null;
    readonly owner: "platform" | "company";
  };
  readonly price: PriceVersion;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly onDisconnect: DisconnectPolicy;
  readonly weight: number;
  /** Present where the order is decided for each request; see `spread-endpoints.ts` in runtime. */
  readonly spread?: Spread;
}

export interface Plan {
  /** In the order to try; never empty. */
  readonly endpoints: readonly PlannedEndpoint[];
  readonly allowFallbacks: boolean;
  /** To be asked of each request, in this order; absent: none. */
  readonly rules?: readonly RoutingRule[];
}

export type PlanErrorCode =
  | "model_not_found"
  | "model_not_priced"
  | "no_endpoint_available"
  | "permission_denied"
  | "invalid_request"
  | "service_unavailable";

export interface PublicModelView {
  readonly id: string;
  readonly object: "model";
  /** Seconds since the epoch, as OpenAI's. */
  readonly created: number;
  readonly owned_by: string;
  readonly context_window: number | null;
  readonly max_output_tokens: number | null;
  /** USD per million tokens as decimal strings; null when not priced. */
  readonly pricing: Readonly<Record<string, string>> | null;
}

export interface ProviderView {
  readonly slug: string;
  readonly kind: ProviderKind;
  readonly base_url: string;
  readonly enabled: boolean;
  readonly priority: number;
  readonly on_disconnect: DisconnectPolicy;
  /** Trains on or keeps prompts, or nobody said that it does not: `data_collection: "deny"` passes it by. */
  readonly collects_data: boolean;
  readonly has_credential: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface EndpointView {
  readonly id: string;
  readonly provider: string;
  readonly upstream_model: string;
  readonly enabled: boolean;
  /** Share among the endpoints of the model under the weighted strategy. */
  readonly weight: number;
  readonly prices: PricesView | null;
  readonly price_version: string | null;
}

export interface ModelView {
  readonly id: string;
  readonly context_window: number | null;
  readonly max_output_tokens: number | null;
  readonly strategy: RoutingStrategy;
  /** Whether a conversation stays with the endpoint that has its prompt cached. */
  readonly sticky: boolean;
  readonly endpoints: readonly EndpointView[];
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * Which endpoints can serve a request, in which order, at what price. Admin operations require
 * `actor.platformAdmin`. Inputs are what the client sent, parsed here.
 */
export interface OrchestratorApi
  extends Rpc.WorkerEntrypointBranded, CompanyRoutingApi, ProviderHealthApi, RoutingAdminApi {
  /** Priced endpoints in order; fails closed: an unpriced model is `model_not_priced`, never free. */
  plan(
    context: CallContext,
    request: PlanRequest,
  ): Promise<Result<Plan, ErrorValue & { readonly code: PlanErrorCode }>>;
  listModels(context: CallContext): Answer<readonly PublicModelView[]>;
  getModel(context: CallContext, id: string): Answer<PublicModelView>;
  listProviders(context: CallContext, actor: Actor, query: unknown): Answer<Page<ProviderView>>;
  getProvider(context: CallContext, actor: Actor, slug: string): Answer<ProviderView>;
  createProvider(context: CallContext, actor: Actor, input: unknown): Answer<ProviderView>;
  updateProvider(context: CallContext, actor: Actor, slug: string, input: unknown): Answer<ProviderView>;
  deleteProvider(context: CallContext, actor: Actor, slug: string): Answer<void>;
  listCatalogueModels(context: CallContext, actor: Actor, query: unknown): Answer<Page<ModelView>>;
  getCatalogueModel(context: CallContext, actor: Actor, id: string): Answer<ModelView>;
  createModel(context: CallContext, actor: Actor, input: unknown): Answer<ModelView>;
  updateModel(context: CallContext, actor: Actor, id: string, input: unknown): Answer<ModelView>;
  deleteModel(context: CallContext, actor: Actor, id: string): Answer<void>;
  health(context: CallContext): Answer<void>;
}

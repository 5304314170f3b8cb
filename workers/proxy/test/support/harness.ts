import type { Principal } from "@aggregator/contracts/actor";
import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import type { Plan, PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import worker from "../../src/index.ts";
import type { Env, WorkersAi } from "../../src/env.ts";
import type { AccountLog, AccountScript } from "./account-script.ts";
import type { ProviderCall, ProviderScript } from "../provider/script.ts";

/** What a test changes of the request that the gateway would send. */
export interface CallOptions {
  readonly principal?: Principal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Binds Workers AI for this request. */
  readonly ai?: WorkersAi;
}

/** The doubles do what the proxy calls of the services, not all that those have. */
function envWith(ai: WorkersAi): Env {
  return { ...env, AI: ai } as unknown as Env;
}

/** The type that a Worker is called with. */
const IncomingRequest = Request<unknown, IncomingRequestCfProperties>;

let counter = 0;

/** One company with its own model and providers: tests do not share caches or accounts. */
export class Scene {
  readonly id: string;
  readonly model: string;
  readonly companyId: string;
  #requests = 0;

  constructor(name = "scene") {
    counter += 1;
    this.id = `${name}-${counter}-${Math.random().toString(36).slice(2, 8)}`;
    this.model = `model-${this.id}`;
    this.companyId = `company-${this.id}`;
  }

  /** An endpoint of a vendor whose base URL has no version. */
  vendor(slug: string, kind: "anthropic" | "gemini", changes: Partial<PlannedEndpoint> = {}): PlannedEndpoint {
    return this.endpoint(slug, { kind, baseUrl: `${env.PROVIDER_URL}/${this.#at(slug)}`, ...changes });
  }

  /** An endpoint of the scene at provider double `slug`; input 1, output 2 USD per million tokens. */
  endpoint(slug: string, changes: Partial<PlannedEndpoint> = {}): PlannedEndpoint {
    return {
      endpointId: `endpoint-${this.#at(slug)}`,
      provider: slug,
      kind: "openai-compatible",
      baseUrl: `${env.PROVIDER_URL}/${this.#at(slug)}/v1`,
      upstreamModel: `upstream-${slug}`,
      model: this.model,
      credential: { id: `credential-${this.#at(slug)}`, secret: `sk-secret-of-${slug}`, owner: "platform" },
      price: {
        id: `price-${slug}`,
        base: { input: 1_000_000_000, cached_input: 100_000_000, output: 2_000_000_000 },
        tiers: [],
      },
      contextWindow: 100_000,
      maxOutputTokens: 1_000,
      onDisconnect: "stop",
      weight: 1,
      ...changes,
    };
  }

  #at(slug: string): string {
    return `${this.id}-${slug}`;
  }

  async plan(endpoints: readonly PlannedEndpoint[], changes: Partial<Plan> = {}): Promise<void> {
    await env.COMPANY_ACCOUNT.getByName(this.companyId).setPlan(this.model, {
      endpoints,
      allowFallbacks: true,
      ...changes,
    });
  }

  /** What provider `slug` answers, in turn; the last answer repeats. */
  async provider(slug: string, ...scripts: readonly ProviderScript[]): Promise<void> {
    await fetch(`${env.PROVIDER_URL}/script/${this.#at(slug)}`, {
      method: "PUT",
      body: JSON.stringify(scripts),
    });
  }

  async providerCalls(slug: string): Promise<ProviderCall[]> {
    const response = await fetch(`${env.PROVIDER_URL}/calls/${this.#at(slug)}`);
    return response.json<ProviderCall[]>();
  }

  async account(script: AccountScript): Promise<void> {
    await env.COMPANY_ACCOUNT.getByName(this.companyId).script(script);
  }

  async accountLog(): Promise<AccountLog> {
    return env.COMPANY_ACCOUNT.getByName(this.companyId).log();
  }

  /** Endings other than dispatch marks, once there are `count` of them. */
  async endings(count = 1): Promise<Exclude<AccountLog["endCalls"][number][number], { kind: "dispatched" }>[]> {
    const until = Date.now() + 8_000;
    for (;;) {
      const { endCalls } = await this.accountLog();
      const endings = endCalls.flat().filter((ending) => ending.kind !== "dispatched");
      if (endings.length >= count || Date.now() > until) return endings;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The scene as set up most often: one provider `a` with these answers. */
  static async withOne(...scripts: readonly ProviderScript[]): Promise<Scene> {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a")]);
    await scene.provider("a", ...scripts);
    return scene;
  }

  /** One provider `a` of a vendor's own kind. */
  static async withVendor(kind: "anthropic" | "gemini", ...scripts: readonly ProviderScript[]): Promise<Scene> {
    const scene = new Scene();
    await scene.plan([scene.vendor("a", kind)]);
    await scene.provider("a", ...scripts);
    return scene;
  }

  /** The body that provider `slug` got first. */
  async sent(slug = "a"): Promise<Record<string, unknown>> {
    const [call] = await this.providerCalls(slug);
    return JSON.parse(call?.body ?? "") as Record<string, unknown>;
  }

  principal(changes: Partial<Principal["key"] & object> = {}): Principal {
    return {
      actor: {
        kind: "api_key",
        companyId: this.companyId,
        memberId: null,
        keyId: "key-1",
        permissions: ["inference:create"],
        platformAdmin: false,
      },
      key: {
        keyId: "key-1",
        rateLimits: {},
        budget: null,
        allowedModels: null,
        allowedProviders: null,
        allowedEndpoints: null,
        allowedIps: null,
        expiresAtMs: null,
        preferences: null,
        cacheMaxAgeSeconds: null,
        ...changes,
      },
      company: { preferences: null, rateLimits: {} },
    };
  }

  /** The headers of a request as the gateway forwards it. */
  headers(more: Readonly<Record<string, string>> = {}, principal = this.principal()): Record<string, string> {
    this.#requests += 1;
    return {
      "content-type": "application/json",
      [CONTEXT_HEADERS.requestId]: `${this.id}-request-${this.#requests}`,
      [CONTEXT_HEADERS.traceparent]: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      [CONTEXT_HEADERS.principal]: JSON.stringify(principal),
      [CONTEXT_HEADERS.receivedAtMs]: String(Date.now()),
      ...more,
    };
  }

  /** A request as the gateway forwards it. */
  request(path: string, body: unknown, init: CallOptions = {}): Promise<Response> {
    const { principal = this.principal(), headers = {}, ai, ...rest } = init;
    const request = new IncomingRequest(`https://proxy.internal${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...rest,
      headers: this.headers(headers, principal),
    });
    return ai === undefined
      ? exports.default.fetch(request)
      : worker.fetch(request, envWith(ai), createExecutionContext());
  }

  chat(changes: Record<string, unknown> = {}, init: CallOptions = {}): Promise<Response> {
    return this.request(
      "/v1/chat/completions",
      { model: this.model, messages: [{ role: "user", content: "Hello" }], ...changes },
      init,
    );
  }
}

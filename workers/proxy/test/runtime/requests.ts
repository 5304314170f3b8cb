import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import type { Plan } from "@aggregator/contracts/orchestrator";
import type { AccountLog, AccountScript } from "../support/account-script.ts";

/** The account double as a test calls it over RPC. */
export interface AccountStub {
  script(script: AccountScript): Promise<void>;
  log(): Promise<AccountLog>;
  setPlan(model: string, plan: Plan): Promise<void>;
}

/** A plan of one endpoint at the provider double. */
export function planFor(baseUrl: string): Plan {
  return {
    allowFallbacks: true,
    endpoints: [
      {
        endpointId: "endpoint-1",
        provider: "a",
        kind: "openai-compatible",
        baseUrl,
        upstreamModel: "upstream",
        model: "model",
        credential: { id: "credential-1", secret: "sk-secret", owner: "platform" },
        price: { id: "price-1", base: { input: 1_000_000_000, output: 2_000_000_000 }, tiers: [] },
        contextWindow: 100_000,
        maxOutputTokens: 1_000,
        onDisconnect: "stop",
        weight: 1,
      },
    ],
  };
}

/** A chat request as the gateway forwards it. */
export function chatRequest(companyId: string, id: number): RequestInit {
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      [CONTEXT_HEADERS.requestId]: `${companyId}-${id}`,
      [CONTEXT_HEADERS.traceparent]: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      [CONTEXT_HEADERS.principal]: JSON.stringify(principalOf(companyId)),
      [CONTEXT_HEADERS.receivedAtMs]: String(Date.now()),
    },
    body: JSON.stringify({ model: "model", messages: [{ role: "user", content: "Hi" }] }),
  };
}

export function principalOf(companyId: string): object {
  return {
    actor: {
      kind: "api_key",
      companyId,
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
    },
    company: { preferences: null, rateLimits: {} },
  };
}

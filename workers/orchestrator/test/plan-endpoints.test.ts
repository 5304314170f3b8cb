import type { PlanRequest } from "@aggregator/contracts/orchestrator";
import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { describe, expect, it } from "vitest";
import type { Candidate, ModelCandidates } from "../src/domain/candidate.ts";
import type { CompanyRouting } from "../src/domain/company-routing.ts";
import { planEndpoints, type RoutingFacts } from "../src/domain/plan-endpoints.ts";

const USD = 1_000_000_000;

function candidate(
  provider: string,
  changes: Partial<Candidate> & { input?: number; output?: number } = {},
): Candidate {
  const { input = 1, output = 1, ...rest } = changes;
  return {
    endpointId: `e-${provider}`,
    model: "m",
    provider,
    kind: "openai-compatible",
    baseUrl: "https://example.com",
    upstreamModel: "u",
    contextWindow: null,
    maxOutputTokens: null,
    onDisconnect: "stop",
    collectsData: false,
    priority: 0,
    weight: 1,
    isEnabled: true,
    isOnForOwnKeys: true,
    price: { id: `v-${provider}`, base: { input: input * USD, output: output * USD }, tiers: [] },
    credential: null,
    owner: "platform",
    ...rest,
  };
}

function factsOf(catalogue: RoutingFacts["catalogue"], company: Partial<CompanyRouting> = {}): RoutingFacts {
  return {
    catalogue,
    aliases: new Map(),
    company: { preferences: null, credentials: [], ...company },
    byokFeeBps: 500,
  };
}

const MODEL = { model: "m", strategy: "priority", isSticky: false } as const;

function planOf(candidates: readonly Candidate[], request: Partial<PlanRequest> = {}) {
  const catalogue = new Map<string, ModelCandidates>([["m", { ...MODEL, candidates }]]);
  const answer = planEndpoints(
    { models: ["m"], preferences: [], allowedModels: null, allowedProviders: null, ...request },
    factsOf(catalogue),
  );
  return answer.ok ? answer.value.candidates.map(({ provider }) => provider) : answer.error.code;
}

const A = candidate("a", { input: 3, output: 3 });
const B = candidate("b", { input: 2, output: 2, priority: 1 });
const C = candidate("c", { input: 1, output: 1, priority: 1 });
const ALL = [C, B, A];

describe("the order of endpoints", () => {
  it.each<[string, ProviderPreferences[], unknown]>([
    ["by priority, then by price", [], ["a", "c", "b"]],
    ["as ordered, the rest behind", [{ order: ["b", "nobody"] }], ["b", "a", "c"]],
    ["by price alone", [{ sort: "price" }], ["c", "b", "a"]],
    ["as ordered before by price", [{ order: ["a"], sort: "price" }], ["a", "c", "b"]],
    ["only these", [{ only: ["a", "b"] }], ["a", "b"]],
    ["without those", [{ ignore: ["a"] }], ["c", "b"]],
    ["the request's order before the company's", [{ order: ["c"] }, { order: ["b"] }], ["c", "a", "b"]],
    ["a request cannot widen its company's only", [{ only: ["a", "b"] }, { only: ["b", "c"] }], ["b"]],
    ["nor drop what its key ignores", [{ ignore: [] }, { ignore: ["c"] }], ["a", "b"]],
    ["nor raise a limit", [{ max_price: { prompt: 3 } }, { max_price: { prompt: "2" } }], ["c", "b"]],
    ["an order without fallbacks is all there is", [{ order: ["b", "a"], allow_fallbacks: false }], ["b", "a"]],
    ["without fallbacks all stay in the list", [{ allow_fallbacks: false }], ["a", "c", "b"]],
    ["a price of exactly the limit", [{ max_price: { prompt: 2, completion: "2.000000000999" } }], ["c", "b"]],
    ["below every price", [{ max_price: { prompt: 0.999999999 } }], "no_endpoint_available"],
    ["nothing left", [{ only: ["nobody"] }], "no_endpoint_available"],
  ])("%s", (_, preferences, expected) => {
    expect(planOf(ALL, { preferences })).toEqual(expected);
    expect(planOf(ALL.toReversed(), { preferences })).toEqual(expected);
  });

  it("weighs three input tokens to one output token", () => {
    const [dearInput, dearOutput] = [
      candidate("a", { input: 2, output: 1 }),
      candidate("b", { input: 1, output: 3.9 }),
    ];
    expect(planOf([dearInput, dearOutput])).toEqual(["b", "a"]);
  });

  it("keeps a provider that may use prompts from one who denies it", () => {
    const [keeps, forgets] = [candidate("a", { collectsData: true }), candidate("b", { collectsData: false })];
    expect(planOf([keeps, forgets], { preferences: [{}, { data_collection: "deny" }] })).toEqual(["b"]);
    expect(planOf([keeps], { preferences: [{ data_collection: "deny" }] })).toBe("no_endpoint_available");
    expect(planOf([keeps], { preferences: [{ data_collection: "allow" }] })).toEqual(["a"]);
  });

  it.each<[boolean, ProviderPreferences]>([
    [true, {}],
    [false, { allow_fallbacks: false }],
    [true, { allow_fallbacks: false, order: ["a"] }],
  ])("says whether more than the first may be tried: %j by %j", (expected, preferences) => {
    const answer = planEndpoints(
      { models: ["m"], preferences: [preferences], allowedModels: null, allowedProviders: null },
      factsOf(new Map([["m", { ...MODEL, candidates: ALL }]])),
    );
    expect(answer).toMatchObject({ ok: true, value: { allowFallbacks: expected } });
  });
});

describe("what may serve", () => {
  const unpriced = candidate("u", { price: null });
  const half = candidate("h", { price: { id: "v", base: { input: 1 }, tiers: [] } });
  const off = candidate("o", { isEnabled: false });
  const keyless = candidate("k", { kind: "openai" });
  const keyed = candidate("y", {
    kind: "openai",
    credential: { id: "c", providerSlug: "y", companyId: "", sealedSecret: "s", revision: 1 },
  });

  it.each<[string, readonly Candidate[], Partial<PlanRequest>, unknown]>([
    ["a model without endpoints", [], {}, "model_not_priced"],
    ["no price at all", [unpriced], {}, "model_not_priced"],
    ["only an input price", [half], {}, "model_not_priced"],
    ["priced, but off", [off], {}, "no_endpoint_available"],
    ["priced, but no credential where one is needed", [keyless], {}, "no_endpoint_available"],
    ["a credential", [keyed], {}, ["y"]],
    ["unpriced ones are passed by", [unpriced, half, A, off], {}, ["a"]],
    ["on without a price, off with one", [unpriced, off], {}, "model_not_priced"],
    ["a model that the key does not allow", [A], { allowedModels: ["x"] }, "permission_denied"],
    ["a model that the key allows", [A], { allowedModels: ["x", "m"] }, ["a"]],
    ["a key with no models", [A], { allowedModels: [] }, "permission_denied"],
    ["providers that the key allows", ALL, { allowedProviders: ["b", "c"] }, ["c", "b"]],
    ["no provider that the key allows", ALL, { allowedProviders: ["x"] }, "permission_denied"],
    ["an unknown model", [A], { models: ["x"] }, "model_not_found"],
    ["an unknown model with a fallback that can", [A], { models: ["x", "m"] }, ["a"]],
    ["a fallback that cannot does not hide why", [], { models: ["x", "m"] }, "model_not_found"],
  ])("%s", (_, candidates, request, expected) => {
    expect(planOf(candidates, request)).toEqual(expected);
  });

  it("does not tell a model by a name that objects have", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(planOf([A], { models: [name] })).toBe("model_not_found");
    }
  });
});

describe("strategies", () => {
  function spreadsOf(strategy: ModelCandidates["strategy"], preferences: ProviderPreferences = {}, own: string[] = []) {
    const credentials = own.map((providerSlug) => ({
      id: providerSlug,
      providerSlug,
      companyId: "c",
      sealedSecret: "s",
      revision: 1,
      host: "example.com",
    }));
    const catalogue = new Map([["m", { model: "m", strategy, isSticky: true, candidates: ALL }]]);
    const answer = planEndpoints(
      { models: ["m"], preferences: [preferences], allowedModels: null, allowedProviders: null },
      factsOf(catalogue, { credentials }),
    );
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.candidates.map(({ provider, spread }) => [provider, spread?.group, spread?.strategy]);
  }

  it.each<[string, ReturnType<typeof spreadsOf>, readonly (readonly unknown[])[]]>([
    [
      "priority is the same for all",
      spreadsOf("priority"),
      ["a", "c", "b"].map((slug) => [slug, undefined, undefined]),
    ],
    ["so is cheapest", spreadsOf("cheapest"), ["c", "b", "a"].map((slug) => [slug, undefined, undefined])],
    ["weights leave priority aside", spreadsOf("weighted"), ["a", "c", "b"].map((slug) => [slug, 0, "weighted"])],
    [
      "an order stands above the strategy",
      spreadsOf("weighted", { order: ["b"] }),
      [
        ["b", 0, "weighted"],
        ["a", 1, "weighted"],
        ["c", 1, "weighted"],
      ],
    ],
    [
      "and a company's own keys above the platform's",
      spreadsOf("least_loaded", {}, ["b"]),
      [
        ["b", 0, "least_loaded"],
        ["a", 1, "least_loaded"],
        ["c", 1, "least_loaded"],
        ["b", 1, "least_loaded"],
      ],
    ],
    [
      "sort replaces the model's strategy",
      spreadsOf("weighted", { sort: "price" }),
      ["c", "b", "a"].map((slug) => [slug, undefined, undefined]),
    ],
    [
      "latency is the time to the first token",
      spreadsOf("priority", { sort: "latency" }),
      ["a", "c", "b"].map((slug) => [slug, 0, "fastest_first_token"]),
    ],
    [
      "throughput is tokens per second",
      spreadsOf("priority", { sort: "throughput" }),
      ["a", "c", "b"].map((slug) => [slug, 0, "fastest_throughput"]),
    ],
  ])("%s", (_, spreads, expected) => {
    expect(spreads).toEqual(expected);
  });

  it("groups of a fallback model are others than those before them", () => {
    const model = (id: string): ModelCandidates => ({
      model: id,
      strategy: "weighted",
      isSticky: false,
      candidates: ALL,
    });
    const answer = planEndpoints(
      { models: ["m", "n"], preferences: [], allowedModels: null, allowedProviders: null },
      factsOf(
        new Map([
          ["m", model("m")],
          ["n", model("n")],
        ]),
      ),
    );
    expect(answer.ok && answer.value.candidates.map(({ spread }) => spread?.group)).toEqual([0, 0, 0, 3, 3, 3]);
  });
});

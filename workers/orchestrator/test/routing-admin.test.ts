import { describe, expect, it } from "vitest";
import { resolveAliases } from "../src/domain/resolve-aliases.ts";
import {
  addModel,
  addProvider,
  context,
  errorOf,
  fresh,
  operator,
  orchestrator,
  owner,
  planFor,
  valueOf,
} from "./orchestrator.ts";

const api = orchestrator();

function setAlias(id: string, models: readonly string[]) {
  return api.setModelAlias(context, operator, id, { models });
}

async function modelsPlanned(name: string, request: Parameters<typeof planFor>[1] = {}): Promise<readonly string[]> {
  const { endpoints } = await valueOf(planFor(name, request));
  return endpoints.map(({ model }) => model);
}

describe("the models that names stand for", () => {
  const aliases = new Map([
    ["fast", ["a", "b"]],
    ["deep", ["b", "c"]],
    ["a", ["c"]],
    ["nested", ["fast"]],
  ]);
  const isModel = (name: string) => ["a", "b", "c"].includes(name);

  it.each<[string, string[], [string, string[]][]]>([
    ["a model stands for itself, whatever alias has its name", ["a"], [["a", ["a"]]]],
    [
      "an alias for its models, in order",
      ["fast"],
      [
        ["a", ["fast"]],
        ["b", ["fast"]],
      ],
    ],
    [
      "each model once, with every name that led there",
      ["fast", "deep", "b"],
      [
        ["a", ["fast"]],
        ["b", ["fast", "deep", "b"]],
        ["c", ["deep"]],
      ],
    ],
    [
      "fallbacks after all of an alias",
      ["deep", "a"],
      [
        ["b", ["deep"]],
        ["c", ["deep"]],
        ["a", ["a"]],
      ],
    ],
    ["an unknown name stands for itself", ["x"], [["x", ["x"]]]],
    ["an alias of an alias is none", ["nested"], [["fast", ["nested"]]]],
  ])("%s", (_, names, expected) => {
    const wanted = resolveAliases(names, isModel, aliases);
    expect(wanted.map(({ model, askedAs }) => [model, askedAs])).toEqual(expected);
  });
});

describe("/v1/admin/routing/aliases", () => {
  it("makes, shows, lists, replaces and removes; each is in force at once", async () => {
    const { slug } = await addProvider();
    const [first, second] = [await addModel({ [slug]: "1" }), await addModel({ [slug]: "2" })];
    const id = fresh("zz-alias/of");
    const made = await valueOf(setAlias(id, [second.id, first.id]));
    expect(made).toEqual({
      id,
      models: [second.id, first.id],
      created_at: expect.any(String) as string,
      updated_at: made.created_at,
    });
    expect(await valueOf(api.getModelAlias(context, operator, id))).toEqual(made);
    expect(await modelsPlanned(id)).toEqual([second.id, first.id]);

    const replaced = await valueOf(setAlias(id, [first.id]));
    expect(replaced).toMatchObject({ models: [first.id], created_at: made.created_at });
    expect(await modelsPlanned(id)).toEqual([first.id]);
    const other = await valueOf(setAlias(fresh("zz-alias/of"), [first.id]));
    const page = await valueOf(api.listModelAliases(context, operator, { limit: "1" }));
    expect(page.data).toEqual([replaced]);
    const rest = await valueOf(api.listModelAliases(context, operator, { limit: "1", cursor: page.nextCursor }));
    expect(rest).toEqual({ data: [other], nextCursor: null });

    await valueOf(api.deleteModelAlias(context, operator, id));
    await valueOf(api.deleteModelAlias(context, operator, other.id));
    expect(await errorOf(planFor(id))).toMatchObject({ code: "model_not_found" });
    expect(await errorOf(api.getModelAlias(context, operator, id))).toMatchObject({ code: "not_found" });
    expect(await errorOf(api.deleteModelAlias(context, operator, id))).toMatchObject({ code: "not_found" });
  });

  it("falls back among its models, and is allowed by a key that names it or its model", async () => {
    const [on, off] = [(await addProvider()).slug, (await addProvider({ enabled: false })).slug];
    const [dead, alive] = [await addModel({ [off]: "1" }), await addModel({ [on]: "1" })];
    const { id } = await valueOf(setAlias(fresh("alias"), [dead.id, alive.id]));
    expect(await modelsPlanned(id)).toEqual([alive.id]);
    expect(await modelsPlanned(id, { allowedModels: [id] })).toEqual([alive.id]);
    expect(await modelsPlanned(id, { allowedModels: [alive.id] })).toEqual([alive.id]);
    // The alias opens its models only to who asks for the alias.
    expect(await errorOf(planFor(alive.id, { allowedModels: [id] }))).toMatchObject({ code: "permission_denied" });
    expect(await errorOf(planFor(id, { allowedModels: ["other"] }))).toMatchObject({ code: "permission_denied" });
    await valueOf(api.deleteModel(context, operator, dead.id));
    expect(await modelsPlanned(id)).toEqual([alive.id]);
  });

  it("gives way to a model of its name", async () => {
    const { slug } = await addProvider();
    const target = await addModel({ [slug]: "1" });
    const { id } = await valueOf(setAlias(fresh("alias"), [target.id]));
    await addModel({ [slug]: null }, { id });
    expect(await errorOf(planFor(id))).toMatchObject({ code: "model_not_priced" });
    expect(await errorOf(setAlias(id, [target.id]))).toMatchObject({ code: "already_exists", param: "id" });
  });

  it("is listed with what its first callable model shows, and only while one can be called", async () => {
    const [on, off] = [(await addProvider()).slug, (await addProvider({ enabled: false })).slug];
    const [dead, alive] = [await addModel({ [off]: "1" }), await addModel({ [on]: "1.5" }, { context_window: 8_000 })];
    const [shown, hidden] = [fresh("alias"), fresh("alias")];
    await valueOf(setAlias(shown, [dead.id, alive.id]));
    await valueOf(setAlias(hidden, [dead.id]));
    const list = await valueOf(api.listModels(context));
    const view = list.find(({ id }) => id === shown);
    expect(view).toMatchObject({ id: shown, object: "model", context_window: 8_000, pricing: { input: "1.5" } });
    expect(list.map(({ id }) => id)).toEqual(list.map(({ id }) => id).toSorted());
    expect(list.some(({ id }) => id === hidden)).toBe(false);
    expect(await valueOf(api.getModel(context, shown))).toEqual(view);
    expect(await errorOf(api.getModel(context, hidden))).toMatchObject({ code: "model_not_found" });
  });

  it("refuses what is no alias, naming the field", async () => {
    const { slug } = await addProvider();
    const { id: model } = await addModel({ [slug]: "1" });
    const wrong: [string, unknown, string][] = [
      ["has space", { models: [model] }, "id"],
      ["x", { models: [] }, "models"],
      ["x", { models: [model, model] }, "models"],
      ["x", { models: [model, "no/such"] }, "models.1"],
      ["x", { models: Array.from({ length: 11 }, (_, n) => `m${n}`) }, "models"],
      ["x", { models: [model], more: 1 }, "more"],
    ];
    for (const [id, input, param] of wrong) {
      const error = await errorOf(api.setModelAlias(context, operator, id, input));
      expect([error.code, error.param]).toEqual(["invalid_request", param]);
    }
  });

  it("is the operators' alone", async () => {
    const refused = await Promise.all([
      errorOf(api.listModelAliases(context, owner, {})),
      errorOf(api.getModelAlias(context, owner, "x")),
      errorOf(api.setModelAlias(context, owner, "x", { models: ["y"] })),
      errorOf(api.deleteModelAlias(context, owner, "x")),
    ]);
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "permission_denied"));
  });
});

describe("/v1/admin/routing/explain", () => {
  const explain = (input: Record<string, unknown>) => valueOf(api.explainRouting(context, operator, input));
  type Explained = Awaited<ReturnType<typeof explain>>;
  const reasons = ({ endpoints }: Explained) =>
    endpoints.map(({ provider, position, placed_by, refusal }) => [provider, position, placed_by ?? refusal]);

  it("tells the order that a request gets, what placed each endpoint, and its price", async () => {
    const [a, b, c] = [
      (await addProvider({ priority: 0 })).slug,
      (await addProvider({ priority: 1 })).slug,
      (await addProvider({ priority: 1 })).slug,
    ];
    const first = await addModel({ [c]: "1", [b]: "1", [a]: "9" });
    const second = await addModel({ [b]: "4" });
    const { id } = await valueOf(setAlias(fresh("alias"), [first.id, second.id]));
    const answer = await explain({ model: id, models: ["no/such"] });
    expect(reasons(answer)).toEqual([
      [a, 1, "first"],
      [b, 2, "priority"],
      [c, 3, "name"],
      [b, 4, "model"],
    ]);
    const { endpoints } = await valueOf(planFor(id));
    expect(answer.endpoints.map(({ endpoint }) => endpoint)).toEqual(endpoints.map(({ endpointId }) => endpointId));
    expect(answer).toMatchObject({
      models: [
        { id: first.id, asked_as: [id], refusal: null },
        { id: second.id, asked_as: [id], refusal: null },
        { id: "no/such", asked_as: ["no/such"], refusal: "model_not_found" },
      ],
      allow_fallbacks: true,
      error: null,
    });
    expect(answer.endpoints[0]).toEqual({
      endpoint: endpoints[0]?.endpointId,
      provider: a,
      upstream_model: "upstream",
      model: first.id,
      credential: "platform",
      position: 1,
      placed_by: "first",
      refusal: null,
      strategy: "priority",
      sticky: false,
      priority: 0,
      weight: 1,
      prices: { input: "9", output: "9" },
      price_version: endpoints[0]?.price.id,
      health: { state: "closed", share: 1, open_until: null, credential_set_aside_until: null },
    });
    expect(reasons(await explain({ model: first.id, provider: { order: [c], sort: "price" } }))).toEqual([
      [c, 1, "first"],
      [b, 2, "order"],
      [a, 3, "price"],
    ]);
    const fastest = await explain({ model: first.id, provider: { sort: "latency" } });
    expect(fastest.endpoints.map(({ placed_by, strategy }) => [placed_by, strategy])).toEqual([
      ["first", "fastest_first_token"],
      ["strategy", "fastest_first_token"],
      ["strategy", "fastest_first_token"],
    ]);
  });

  it("says of each endpoint that is passed by why, and what the request would be answered", async () => {
    const slugs = {
      off: (await addProvider({ enabled: false })).slug,
      keyless: (await addProvider({ kind: "openai", base_url: undefined, api_key: undefined })).slug,
      unpriced: (await addProvider()).slug,
      foreign: (await addProvider()).slug,
      ignored: (await addProvider()).slug,
      unnamed: (await addProvider()).slug,
      nosy: (await addProvider({ collects_data: true })).slug,
      dear: (await addProvider({ collects_data: false })).slug,
    };
    const { off, keyless, unpriced, foreign, ignored, unnamed, nosy, dear } = slugs;
    const model = await addModel({
      [off]: "1",
      [keyless]: "1",
      [unpriced]: null,
      [foreign]: "1",
      [ignored]: "1",
      [unnamed]: "1",
      [nosy]: "1",
      [dear]: "100",
    });
    const answer = await explain({
      model: model.id,
      provider: { ignore: [ignored], only: [ignored, nosy, dear], data_collection: "deny", max_price: { prompt: 2 } },
      allowed_providers: Object.values(slugs).filter((slug) => slug !== foreign),
    });
    expect(Object.fromEntries(answer.endpoints.map(({ provider, refusal }) => [provider, refusal]))).toEqual({
      [off]: "switched_off",
      [keyless]: "no_credential",
      [unpriced]: "not_priced",
      [foreign]: "provider_not_allowed",
      [ignored]: "ignored",
      [unnamed]: "not_in_only",
      [nosy]: "collects_data",
      [dear]: "above_max_price",
    });
    expect(answer.error).toMatchObject({ code: "no_endpoint_available" });
    expect(answer.endpoints.every(({ position }) => position === null)).toBe(true);
    const named = await explain({ model: model.id, key_preferences: { order: [dear], allow_fallbacks: false } });
    expect(reasons(named).find(([provider]) => provider === unnamed)).toEqual([unnamed, null, "not_in_order"]);
    const refused = await explain({ model: model.id, allowed_models: ["other"] });
    expect(refused).toMatchObject({
      models: [{ refusal: "model_not_allowed" }],
      error: { code: "permission_denied" },
      endpoints: [],
    });
  });

  it("counts what a company says and its own keys, and never shows a key", async () => {
    const { slug } = await addProvider({ api_key: "sk-platform-secret-1" });
    const other = await addProvider({ priority: -1 });
    const model = await addModel({ [slug]: "1", [other.slug]: "1" });
    const company = { ...owner, companyId: fresh("company") };
    const key = { provider: slug, api_key: "sk-company-secret-1", verify: false };
    await valueOf(api.createProviderCredential(context, company, key));
    const answer = await explain({ model: model.id, company_id: company.companyId });
    expect(answer.endpoints.map(({ provider, credential, placed_by }) => [provider, credential, placed_by])).toEqual([
      [slug, "company", "first"],
      [other.slug, "platform", "own_key"],
      [slug, "platform", "priority"],
    ]);
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("shows the shared health of an endpoint and of its credential", async () => {
    const { slug } = await addProvider();
    const model = await addModel({ [slug]: "1" });
    const { endpoints } = await valueOf(planFor(model.id));
    const [planned] = endpoints;
    const endpointId = planned?.endpointId ?? "";
    const at = { endpointId, provider: slug };
    await valueOf(
      api.reportHealth(context, {
        watched: [at],
        endpoints: [{ ...at, successes: 0, failures: 5, trailingFailures: 5 }],
        credentials: [
          { credentialId: planned?.credential.id ?? "", provider: slug, signal: "rate_limited", retryAfterMs: 60_000 },
        ],
      }),
    );
    const answer = await explain({ model: model.id });
    expect(answer.endpoints[0]?.health).toMatchObject({
      state: "open",
      share: 0,
      open_until: expect.any(String) as string,
      credential_set_aside_until: expect.any(String) as string,
    });
  });

  it("is the operators' alone, and refuses what it does not know", async () => {
    expect(await errorOf(api.explainRouting(context, owner, { model: "x" }))).toMatchObject({
      code: "permission_denied",
    });
    for (const [input, param] of [
      [{}, "model"],
      [{ model: "x", provider: { hack: true } }, "provider.hack"],
      [{ model: "x", more: 1 }, "more"],
    ] as const) {
      expect(await errorOf(api.explainRouting(context, operator, input))).toMatchObject({
        code: "invalid_request",
        param,
      });
    }
  });
});

describe("/v1/admin/routing/rules", () => {
  it("makes, lists in order, replaces and removes; those for the request travel with its plan", async () => {
    const { slug } = await addProvider();
    const { id: model } = await addModel({ [slug]: "1" }, { id: `${fresh("ruled")}/m` });
    const set = (id: string, input: Record<string, unknown>) =>
      valueOf(api.setRoutingRule(context, operator, id, input));
    const rulesOf = async (companyId: string) => (await valueOf(planFor(model, { companyId }))).rules;
    const glob = { models: [`${model.slice(0, -1)}*`] };
    expect(await rulesOf("company-1")).toBeUndefined();

    const shadow = { provider: "y", percent: 5 };
    const late = await set("late", { position: 2, match: glob, effect: { ignore: ["x"], shadow } });
    const early = await set("early", {
      name: "Early",
      position: 1,
      match: { models: [model], companies: ["company-1"], has_tools: true, metadata: { team: "blue" }, tags: ["eu"] },
      effect: { prefer: [slug] },
    });
    await set("other", { match: { models: ["other/*", model.slice(0, -1)] }, effect: { only: [] } });
    await set("off", { enabled: false, match: glob, effect: { only: [] } });
    const travelling = ({ id, name, match, effect }: typeof early) => ({ id, name, match, effect });
    expect(await rulesOf("company-1")).toEqual([travelling(early), travelling(late)]);
    expect(await rulesOf("company-2")).toEqual([travelling(late)]);
    const explained = await valueOf(api.explainRouting(context, operator, { model, company_id: "company-1" }));
    expect(explained.rules).toEqual([travelling(early), travelling(late)]);

    const list = await valueOf(api.listRoutingRules(context, operator));
    expect(list.map(({ id }) => id)).toEqual(["off", "other", "early", "late"]);
    expect(list[2]).toEqual(early);
    await set("early", { enabled: false, match: {}, effect: { prefer: [slug] } });
    for (const id of ["late", "other", "off"]) await valueOf(api.deleteRoutingRule(context, operator, id));
    expect(await rulesOf("company-1")).toBeUndefined();
    await valueOf(api.deleteRoutingRule(context, operator, "early"));
    expect(await valueOf(api.listRoutingRules(context, operator))).toEqual([]);
    expect(await errorOf(api.deleteRoutingRule(context, operator, "early"))).toMatchObject({ code: "not_found" });
  });

  it("are the operators' alone, and refuse what they do not know", async () => {
    const good = { match: {}, effect: { only: ["a"] } };
    const refused = await Promise.all([
      errorOf(api.listRoutingRules(context, owner)),
      errorOf(api.setRoutingRule(context, owner, "x", good)),
      errorOf(api.deleteRoutingRule(context, owner, "x")),
    ]);
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "permission_denied"));
    const wrong: [string, unknown, string][] = [
      ["Has Space", good, "id"],
      ["x", { ...good, match: { model: "x" } }, "match.model"],
      ["x", { ...good, effect: {} }, "effect"],
      ["x", { ...good, effect: { shadow: { provider: "a", percent: 101 } } }, "effect.shadow.percent"],
      ["x", { ...good, match: { min_input_tokens: -1 } }, "match.min_input_tokens"],
      ["x", { ...good, match: { tags: [] } }, "match.tags"],
      ["x", { ...good, match: { tags: ["a b"] } }, "match.tags.0"],
      ["x", { effect: { only: ["a"] } }, "match"],
    ];
    for (const [id, input, param] of wrong) {
      const error = await errorOf(api.setRoutingRule(context, operator, id, input));
      expect([error.code, error.param]).toEqual(["invalid_request", param]);
    }
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
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

async function pricesOf(endpointId: string) {
  const rows = await env.DB.prepare("SELECT id, base FROM prices WHERE endpoint_id = ? ORDER BY id")
    .bind(endpointId)
    .all<{ id: string; base: string }>();
  return rows.results;
}

describe("/v1/admin/models", () => {
  it("creates, shows, changes and removes a model whose id has slashes", async () => {
    const { slug } = await addProvider();
    const prices = { input: "2.50", cached_input: "1.25", output: "10.00", request: "0.005" };
    const endpoints = [{ provider: slug, upstream_model: "gpt-x", prices }];
    const input = { id: "vendor/family/gpt-x:free", context_window: 128_000, max_output_tokens: 16_384, endpoints };
    const created = await valueOf(api.createModel(context, operator, input));
    expect(created).toMatchObject({
      id: "vendor/family/gpt-x:free",
      context_window: 128_000,
      max_output_tokens: 16_384,
      endpoints: [
        {
          provider: slug,
          upstream_model: "gpt-x",
          enabled: true,
          weight: 1,
          prices: { input: "2.5", cached_input: "1.25", output: "10", request: "0.005" },
        },
      ],
    });
    expect(await valueOf(api.getCatalogueModel(context, operator, created.id))).toEqual(created);
    expect(await errorOf(api.createModel(context, operator, input))).toMatchObject({
      code: "already_exists",
      param: "id",
    });

    const changed = await valueOf(api.updateModel(context, operator, created.id, { max_output_tokens: null }));
    expect(changed).toMatchObject({ context_window: 128_000, max_output_tokens: null, endpoints: created.endpoints });

    expect(await valueOf(api.deleteModel(context, operator, created.id))).toBeUndefined();
    expect(await errorOf(api.getCatalogueModel(context, operator, created.id))).toMatchObject({ code: "not_found" });
    expect(await errorOf(api.deleteModel(context, operator, created.id))).toMatchObject({ code: "not_found" });
    expect(await errorOf(planFor(created.id))).toMatchObject({ code: "model_not_found" });
    const [endpoint] = created.endpoints;
    expect(await pricesOf(endpoint?.id ?? "")).toHaveLength(1);
  });

  it.each(["0.000000001", "0.075", "9000000", "0", "1234567.123456789"])(
    "keeps a price of %s USD exactly",
    async (price) => {
      const { slug } = await addProvider();
      const model = await addModel({ [slug]: price });
      expect(model.endpoints[0]?.prices).toEqual({ input: price, output: price });
      const planned = await valueOf(planFor(model.id));
      const [whole = "", fraction = ""] = price.split(".");
      expect(planned.endpoints[0]?.price.base.input).toBe(Number(whole) * 1e9 + Number(fraction.padEnd(9, "0")));
    },
  );

  it("keeps a minimum per request, of the base and of a tier, and a new one is a new version", async () => {
    const { slug } = await addProvider();
    const tiers = [{ above_input_tokens: 1_000, prices: { minimum: "0.5" } }];
    const prices = { input: "1", output: "2", minimum: "0.001", tiers };
    const endpoints = [{ provider: slug, upstream_model: "m", prices }];
    const model = await valueOf(api.createModel(context, operator, { id: `vendor/${slug}-minimum`, endpoints }));
    expect(model.endpoints[0]?.prices).toEqual(prices);
    const first = (await valueOf(planFor(model.id))).endpoints[0]?.price;
    expect(first).toMatchObject({ base: { minimum: 1_000_000 }, tiers: [{ prices: { minimum: 500_000_000 } }] });
    expect(await valueOf(api.getModel(context, model.id))).toMatchObject({ pricing: { minimum: "0.001" } });
    await valueOf(api.updateModel(context, operator, model.id, { endpoints }));
    expect(await pricesOf(model.endpoints[0]?.id ?? "")).toHaveLength(1);
    const dearer = [{ ...endpoints[0], prices: { ...prices, minimum: "0.002" } }];
    await valueOf(api.updateModel(context, operator, model.id, { endpoints: dearer }));
    expect(await pricesOf(model.endpoints[0]?.id ?? "")).toHaveLength(2);
  });

  it("keeps tiers, in order of size, and says them back", async () => {
    const { slug } = await addProvider();
    const tiers = [
      { above_input_tokens: 272_000, prices: { input: "5", output: "22.5" } },
      { above_input_tokens: 200_000, prices: { input: "4" } },
    ];
    const model = await addModel(
      {},
      { endpoints: [{ provider: slug, upstream_model: "x", prices: { input: "2", output: "10", tiers } }] },
    );
    expect(model.endpoints[0]?.prices).toEqual({ input: "2", output: "10", tiers: [tiers[1], tiers[0]] });
    const planned = await valueOf(planFor(model.id));
    expect(planned.endpoints[0]?.price).toMatchObject({
      base: { input: 2_000_000_000, output: 10_000_000_000 },
      tiers: [
        { aboveInputTokens: 200_000, prices: { input: 4_000_000_000 } },
        { aboveInputTokens: 272_000, prices: { input: 5_000_000_000, output: 22_500_000_000 } },
      ],
    });
  });

  it("makes a new version of changed prices and keeps the old one; the endpoint's id stays", async () => {
    const { slug } = await addProvider();
    const before = await addModel({ [slug]: "1" });
    const set = (input: string) =>
      valueOf(
        api.updateModel(context, operator, before.id, {
          endpoints: [{ provider: slug, upstream_model: "upstream", prices: { input, output: "1" } }],
        }),
      );
    const same = await set("1");
    expect(same.endpoints).toEqual(before.endpoints);
    const after = await set("2");
    const [old, now] = [before.endpoints[0], after.endpoints[0]];
    expect(now).toMatchObject({ id: old?.id, prices: { input: "2", output: "1" } });
    expect(now?.price_version).not.toBe(old?.price_version);
    expect(await valueOf(planFor(before.id))).toMatchObject({ endpoints: [{ price: { id: now?.price_version } }] });
    expect(await pricesOf(old?.id ?? "")).toEqual([
      { id: old?.price_version, base: '{"input":1000000000,"output":1000000000}' },
      { id: now?.price_version, base: '{"input":2000000000,"output":1000000000}' },
    ]);
  });

  it("lets nobody change or delete a version of prices", async () => {
    const { slug } = await addProvider();
    const model = await addModel({ [slug]: "1" });
    const id = model.endpoints[0]?.price_version ?? "";
    await expect(env.DB.prepare("UPDATE prices SET base = '{}' WHERE id = ?").bind(id).run()).rejects.toThrow(
      "not changed",
    );
    await expect(env.DB.prepare("DELETE FROM prices WHERE id = ?").bind(id).run()).rejects.toThrow("not deleted");
  });

  it("replaces the list of endpoints; one that comes back is the same, and not at its old prices", async () => {
    const [a, b] = [(await addProvider()).slug, (await addProvider()).slug];
    const model = await addModel({ [a]: "1", [b]: "2" });
    const set = (...providers: string[]) =>
      valueOf(
        api.updateModel(context, operator, model.id, {
          endpoints: providers.map((provider) => ({ provider, upstream_model: "upstream" })),
        }),
      );
    expect((await set(b)).endpoints).toEqual([model.endpoints.find(({ provider }) => provider === b)]);
    const back = await set(a, b);
    expect(back.endpoints.map(({ id }) => id)).toEqual(model.endpoints.map(({ id }) => id));
    expect(back.endpoints[0]).toMatchObject({ provider: a, prices: null, price_version: null });
    expect((await valueOf(api.getCatalogueModel(context, operator, model.id))).endpoints).toEqual(back.endpoints);
  });

  it("withdraws prices by null", async () => {
    const { slug } = await addProvider();
    const model = await addModel({ [slug]: "1" });
    const endpoints = [{ provider: slug, upstream_model: "upstream", prices: null }];
    const after = await valueOf(api.updateModel(context, operator, model.id, { endpoints }));
    expect(after.endpoints[0]).toMatchObject({ prices: null, price_version: null });
    expect(await errorOf(planFor(model.id))).toMatchObject({ code: "model_not_priced" });
  });

  it.each([
    ["id", { id: "" }],
    ["id", { id: "a b" }],
    ["id", { id: "/a" }],
    ["id", { id: "a//b" }],
    ["id", { id: "a/../b" }],
    ["id", { id: "a'; DROP TABLE models;--" }],
    ["id", { id: "x".repeat(201) }],
    ["id", { id: "<script>" }],
    ["context_window", { context_window: -1 }],
    ["context_window", { context_window: 1.5 }],
    ["max_output_tokens", { max_output_tokens: "many" }],
    ["endpoints", { endpoints: "all" }],
    ["endpoints", { endpoints: Array.from({ length: 65 }, (_, n) => ({ provider: "p", upstream_model: `m${n}` })) }],
    ["endpoints.0.provider", { endpoints: [{ provider: "nobody", upstream_model: "m" }] }],
    ["endpoints.0.upstream_model", { endpoints: [{ provider: "p", upstream_model: "a\nb" }] }],
    ["endpoints.0.prices.input", { endpoints: [{ provider: "p", upstream_model: "m", prices: { input: 2.5 } }] }],
    ["endpoints.0.prices.input", { endpoints: [{ provider: "p", upstream_model: "m", prices: { input: "-1" } }] }],
    ["endpoints.0.prices.input", { endpoints: [{ provider: "p", upstream_model: "m", prices: { input: "1e3" } }] }],
    [
      "endpoints.0.prices.input",
      { endpoints: [{ provider: "p", upstream_model: "m", prices: { input: "0.0000000001" } }] },
    ],
    [
      "endpoints.0.prices.input",
      { endpoints: [{ provider: "p", upstream_model: "m", prices: { input: "99999999" } }] },
    ],
    ["endpoints.0.prices.inptu", { endpoints: [{ provider: "p", upstream_model: "m", prices: { inptu: "1" } }] }],
    [
      "endpoints.0.prices.tiers",
      {
        endpoints: [
          {
            provider: "p",
            upstream_model: "m",
            prices: { tiers: [1, 1].map((above_input_tokens) => ({ above_input_tokens, prices: {} })) },
          },
        ],
      },
    ],
    ["endpoints.1", { endpoints: [1, 2].map(() => ({ provider: "p", upstream_model: "m" })) }],
    ["owner", { owner: "me" }],
  ])("refuses a wrong %s: %j", async (param, wrong) => {
    const error = await errorOf(api.createModel(context, operator, { id: fresh("m"), ...wrong }));
    expect(error).toMatchObject({ code: "invalid_request", param });
  });

  it("pages by id, each model with its own endpoints", async () => {
    const { slug } = await addProvider();
    for (const id of ["zz/a", "zz/b", "zz/c"]) await addModel({ [slug]: "1" }, { id });
    const first = await valueOf(api.listCatalogueModels(context, operator, { limit: 100 }));
    expect(first.nextCursor).toBeNull();
    const cursor = btoa(JSON.stringify("zz/a"));
    const rest = await valueOf(api.listCatalogueModels(context, operator, { limit: 1, cursor }));
    expect(rest.data).toEqual([await valueOf(api.getCatalogueModel(context, operator, "zz/b"))]);
    expect(rest.nextCursor).not.toBeNull();
    expect(await errorOf(api.listCatalogueModels(context, operator, { limit: 10 ** 9 }))).toMatchObject({
      param: "limit",
    });
    expect(await errorOf(api.listCatalogueModels(context, operator, { cursor: "%%%" }))).toMatchObject({
      param: "cursor",
    });
  });

  it("is for operators: everybody else is refused, whatever the model", async () => {
    const model = await addModel({});
    const answers = await Promise.all([
      errorOf(api.listCatalogueModels(context, owner, {})),
      errorOf(api.getCatalogueModel(context, owner, model.id)),
      errorOf(api.getCatalogueModel(context, owner, "nothing")),
      errorOf(api.createModel(context, owner, { id: fresh("m") })),
      errorOf(api.updateModel(context, owner, model.id, { context_window: 1 })),
      errorOf(api.deleteModel(context, owner, model.id)),
    ]);
    for (const answer of answers) expect(answer.code).toBe("permission_denied");
    expect(await valueOf(api.getCatalogueModel(context, operator, model.id))).toEqual(model);
  });
});

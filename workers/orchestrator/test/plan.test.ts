import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { candidatesStatement } from "../src/db/load-candidates.ts";
import {
  addModel,
  addProvider,
  context,
  errorOf,
  fresh,
  operator,
  orchestrator,
  planFor,
  valueOf,
} from "./orchestrator.ts";

const api = orchestrator();

describe("plan", () => {
  it("answers endpoints in order with all that a call needs", async () => {
    const provider = await addProvider({
      base_url: "https://a.example.com/v1",
      on_disconnect: "drain",
      api_key: "sk-0123456789",
    });
    const model = await addModel({ [provider.slug]: "2" }, { context_window: 1_000, max_output_tokens: 100 });
    const [endpoint] = model.endpoints;
    expect(await valueOf(planFor(model.id))).toEqual({
      allowFallbacks: true,
      endpoints: [
        {
          endpointId: endpoint?.id,
          provider: provider.slug,
          kind: "openai-compatible",
          baseUrl: "https://a.example.com/v1",
          upstreamModel: "upstream",
          model: model.id,
          credential: { id: expect.any(String) as string, secret: "sk-0123456789", owner: "platform" },
          price: { id: endpoint?.price_version, base: { input: 2_000_000_000, output: 2_000_000_000 }, tiers: [] },
          contextWindow: 1_000,
          maxOutputTokens: 100,
          onDisconnect: "drain",
          weight: 1,
        },
      ],
    });
  });

  it("tries the requested model's endpoints before those of its fallbacks", async () => {
    const [dear, cheap] = [(await addProvider({ priority: 1 })).slug, (await addProvider({ priority: 1 })).slug];
    const first = await addModel({ [dear]: "9", [cheap]: "8" });
    const second = await addModel({ [cheap]: "1" });
    const { endpoints } = await valueOf(
      planFor(first.id, { models: [first.id, "nothing/there", second.id, first.id] }),
    );
    expect(endpoints.map(({ model, provider }) => [model, provider])).toEqual([
      [first.id, cheap],
      [first.id, dear],
      [second.id, cheap],
    ]);
  });

  it("refuses an unknown model, an unpriced one, and one that nothing can serve, apart", async () => {
    const [on, off, keyless] = [
      (await addProvider()).slug,
      (await addProvider({ enabled: false })).slug,
      (await addProvider({ kind: "openai", base_url: undefined, api_key: undefined })).slug,
    ];
    expect(await errorOf(planFor("gpt-nothing"))).toMatchObject({ code: "model_not_found", param: "model" });
    expect(await errorOf(planFor((await addModel({ [on]: null })).id))).toMatchObject({ code: "model_not_priced" });
    expect(await errorOf(planFor((await addModel({ [off]: "1" })).id))).toMatchObject({
      code: "no_endpoint_available",
    });
    expect(await errorOf(planFor((await addModel({ [keyless]: "1" })).id))).toMatchObject({
      code: "no_endpoint_available",
    });
    expect(await errorOf(planFor((await addModel({ [on]: null, [off]: "1" })).id))).toMatchObject({
      code: "model_not_priced",
    });
  });

  it("serves without a key where the provider takes none", async () => {
    const { slug } = await addProvider({ api_key: undefined });
    const { endpoints } = await valueOf(planFor((await addModel({ [slug]: "1" })).id));
    expect(endpoints[0]?.credential).toEqual({ id: `keyless:${slug}`, secret: null, owner: "platform" });
  });

  it("follows an operator's change at once: price, switch, removal", async () => {
    const { slug } = await addProvider();
    const model = await addModel({ [slug]: "1" });
    await valueOf(planFor(model.id));
    await valueOf(api.updateProvider(context, operator, slug, { enabled: false }));
    expect(await errorOf(planFor(model.id))).toMatchObject({ code: "no_endpoint_available" });
    await valueOf(api.updateProvider(context, operator, slug, { enabled: true }));
    await valueOf(planFor(model.id));
    await valueOf(api.deleteProvider(context, operator, slug));
    expect((await planFor(model.id)).ok).toBe(false);
  });

  it("reads the catalogue once for many calls, by unique keys", async () => {
    const { slug } = await addProvider();
    const model = await addModel({ [slug]: "1" });
    let reads = 0;
    const counted = new Proxy(env.DB, {
      get(target, name) {
        if (name === "prepare") reads += 1;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function"
          ? (...args: unknown[]) => Reflect.apply(member, target, args) as unknown
          : member;
      },
    });
    const request = {
      companyId: "company-1",
      endpoint: "/v1/chat/completions",
      models: [model.id],
      preferences: [],
      allowedModels: null,
      allowedProviders: null,
    } as const;
    const fromNow = { ...request, companyId: fresh("tenant") };
    for (let n = 0; n < 5; n += 1) await valueOf(orchestrator({ DB: counted }).plan(context, fromNow));
    // The model with all that serves it; the company's preferences and credentials; the rules.
    expect(reads).toBe(4);

    const statement = candidatesStatement(openDatabase(env.DB), [model.id], Date.now()).toSQL();
    const steps = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement.sql}`)
      .bind(...statement.params)
      .all<{ detail: string }>();
    const scans = steps.results.filter(({ detail }) => detail.startsWith("SCAN"));
    expect(scans).toEqual([]);
  });

  it("reads as many rows beside 10,000 other models as beside none", async () => {
    const model = await addModel({ [(await addProvider()).slug]: "1" });
    const rowsRead = async () => {
      const { sql, params } = candidatesStatement(openDatabase(env.DB), [model.id], Date.now()).toSQL();
      const { meta, results } = await env.DB.prepare(sql)
        .bind(...params)
        .all();
      expect(results).toHaveLength(1);
      return meta.rows_read;
    };
    const before = await rowsRead();
    expect(before).toBeGreaterThan(0);
    const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";
    await env.DB.batch(
      [
        `INSERT INTO models (id, created_at_ms, updated_at_ms) SELECT 'many/' || i, 1, 1 FROM n`,
        `INSERT INTO endpoints (id, model_id, provider_slug, upstream_model, created_at_ms) SELECT 'many-' || i, 'many/' || i, 'p', 'u', 1 FROM n`,
        `INSERT INTO prices (id, endpoint_id, base, tiers, source, active_from_ms, created_at_ms) SELECT 'many-' || i, 'many-' || i, '{"input":1}', '[]', 'operator', 1, 1 FROM n`,
      ].map((insert) => env.DB.prepare(`${numbers} ${insert}`)),
    );
    expect(await rowsRead()).toBe(before);
    // Prices are never deleted; without their endpoints nothing leads to them.
    await env.DB.exec("DELETE FROM endpoints WHERE id LIKE 'many%'; DELETE FROM models WHERE id LIKE 'many%'");
  });

  it("refuses what is no request of the proxy's", async () => {
    const request = { models: [], preferences: [{ hack: true }] } as never;
    expect(await errorOf(planFor("x", request))).toMatchObject({ code: "invalid_request" });
  });
});

describe("GET /v1/models", () => {
  it("lists what can be called, priced or not, and nothing else", async () => {
    const [on, off] = [(await addProvider()).slug, (await addProvider({ enabled: false })).slug];
    const priced = await addModel({ [on]: "1.5" }, { context_window: 8_000 });
    const unpriced = await addModel({ [on]: null });
    const hidden = await addModel({ [off]: "1" });
    const bare = await addModel({ [on]: "1" }, { id: fresh("bare") });
    const list = await valueOf(api.listModels(context));
    const byId = new Map(list.map((model) => [model.id, model]));
    expect(byId.get(priced.id)).toEqual({
      id: priced.id,
      object: "model",
      created: Math.floor(Date.parse(priced.created_at) / 1_000),
      owned_by: "vendor",
      context_window: 8_000,
      max_output_tokens: null,
      pricing: { input: "1.5", output: "1.5" },
    });
    expect(byId.get(unpriced.id)).toMatchObject({ pricing: null });
    expect(byId.get(bare.id)).toMatchObject({ owned_by: on });
    expect(byId.has(hidden.id)).toBe(false);
    expect(await valueOf(api.getModel(context, priced.id))).toEqual(byId.get(priced.id));
    expect(await errorOf(api.getModel(context, hidden.id))).toMatchObject({ code: "model_not_found" });
    expect(await errorOf(api.getModel(context, "no/such/model"))).toMatchObject({ code: "model_not_found" });
  });

  it("answers with 10,000 models from one query of each table, and then from memory", async () => {
    const { slug } = await addProvider();
    await env.DB.batch([
      env.DB.prepare(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO models (id, context_window, max_output_tokens, created_at_ms, updated_at_ms) SELECT 'bulk/m' || i, 1000, 100, 0, 0 FROM n",
      ),
      env.DB.prepare(
        "INSERT INTO endpoints (id, model_id, provider_slug, upstream_model, created_at_ms) SELECT 'e-' || id, id, ?, 'u', 0 FROM models WHERE id LIKE 'bulk/%'",
      ).bind(slug),
      env.DB.prepare(
        "INSERT INTO prices SELECT 'p-' || id, id, '{\"input\":1,\"output\":1}', '[]', 'catalogue', 0, 0 FROM endpoints WHERE id LIKE 'e-%'",
      ),
    ]);
    await addModel({ [slug]: "1" });
    let reads = 0;
    const counted = new Proxy(env.DB, {
      get(target, name) {
        if (name === "prepare") reads += 1;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function"
          ? (...args: unknown[]) => Reflect.apply(member, target, args) as unknown
          : member;
      },
    });
    for (let n = 0; n < 3; n += 1) {
      const list = await valueOf(orchestrator({ DB: counted }).listModels(context));
      expect(list.filter(({ id }) => id.startsWith("bulk/"))).toHaveLength(10_000);
    }
    // Models and aliases.
    expect(reads).toBe(2);
    // The suite's files share a database: nobody else pages through these.
    await env.DB.batch([
      env.DB.prepare("DELETE FROM endpoints WHERE model_id LIKE 'bulk/%'"),
      env.DB.prepare("DELETE FROM models WHERE id LIKE 'bulk/%'"),
    ]);
  });
});

import type { Actor } from "@aggregator/contracts/actor";
import type { Plan } from "@aggregator/contracts/orchestrator";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { verdictOf, verificationCall } from "../src/domain/verification-call.ts";
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

const GOOD = "sk-good-0123456789";
const api = orchestrator();

/** An owner of a company that no other test of the file has. */
function newOwner(permissions: Actor["permissions"] = owner.permissions): Actor {
  return { ...owner, companyId: fresh("tenant"), permissions };
}

function bring(actor: Actor, provider: string, input: Record<string, unknown> = {}) {
  return api.createProviderCredential(context, actor, { provider, api_key: GOOD, ...input });
}

/** Whose keys a plan would try, in order. */
function keysOf({ endpoints }: Plan): readonly string[] {
  return endpoints.map(({ provider, credential }) => `${provider}:${credential.owner}`);
}

describe("/v1/provider-preferences", () => {
  it("starts empty, is replaced as a whole and reaches the plan at once", async () => {
    const actor = newOwner();
    const { companyId } = actor;
    expect(await valueOf(api.getProviderPreferences(context, actor))).toEqual({
      preferences: {},
      revision: 0,
      updated_at: null,
    });
    const [a, b] = [(await addProvider()).slug, (await addProvider()).slug];
    const model = await addModel({ [a]: "1", [b]: "2" });
    expect(keysOf(await valueOf(planFor(model.id, { companyId })))).toEqual([`${a}:platform`, `${b}:platform`]);
    const set = await valueOf(api.setProviderPreferences(context, actor, { order: [b] }, null));
    expect(set).toMatchObject({ preferences: { order: [b] }, revision: 1 });
    expect(keysOf(await valueOf(planFor(model.id, { companyId })))).toEqual([`${b}:platform`, `${a}:platform`]);
    await valueOf(api.setProviderPreferences(context, actor, { only: [a] }, null));
    expect(keysOf(await valueOf(planFor(model.id, { companyId })))).toEqual([`${a}:platform`]);
    expect(await valueOf(api.getProviderPreferences(context, actor))).toMatchObject({
      preferences: { only: [a] },
      revision: 2,
    });
  });

  it("is a bound that neither key nor request widens, and a wish that both replace", async () => {
    const actor = newOwner();
    const { companyId } = actor;
    const [a, b] = [(await addProvider()).slug, (await addProvider()).slug];
    const model = await addModel({ [a]: "1", [b]: "2" });
    await valueOf(api.setProviderPreferences(context, actor, { order: [a], max_price: { prompt: 2 } }, null));
    const asked = { companyId, preferences: [{ order: [b], max_price: { prompt: 3 } }] };
    expect(keysOf(await valueOf(planFor(model.id, asked)))).toEqual([`${b}:platform`, `${a}:platform`]);
    await valueOf(api.setProviderPreferences(context, actor, { ignore: [b] }, null));
    expect(keysOf(await valueOf(planFor(model.id, { companyId, preferences: [{ only: [a, b] }] })))).toEqual([
      `${a}:platform`,
    ]);
  });

  it("says nothing of one company to another", async () => {
    const [ours, theirs] = [newOwner(), newOwner()];
    const { slug } = await addProvider();
    const model = await addModel({ [slug]: "1" });
    await valueOf(api.setProviderPreferences(context, theirs, { ignore: [slug] }, null));
    expect(await valueOf(api.getProviderPreferences(context, ours))).toMatchObject({ preferences: {} });
    expect((await planFor(model.id, { companyId: ours.companyId })).ok).toBe(true);
    expect((await planFor(model.id, { companyId: theirs.companyId })).ok).toBe(false);
  });

  it("changes only the revision that If-Match names", async () => {
    const actor = newOwner();
    await valueOf(api.setProviderPreferences(context, actor, {}, '"0"'));
    expect(await errorOf(api.setProviderPreferences(context, actor, {}, '"0"'))).toMatchObject({
      code: "precondition_failed",
    });
    expect(await valueOf(api.setProviderPreferences(context, actor, {}, '"1"'))).toMatchObject({ revision: 2 });
    const both = await Promise.all([
      api.setProviderPreferences(context, actor, { order: ["a"] }, '"2"'),
      api.setProviderPreferences(context, actor, { order: ["b"] }, '"2"'),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it.each([
    ["sort", { sort: "cheap" }],
    ["order.0", { order: [""] }],
    ["max_price.prompt", { max_price: { prompt: -1 } }],
    ["company_id", { company_id: "other" }],
    ["data_collection", { data_collection: "maybe" }],
  ])("refuses a wrong %s", async (param, input) => {
    expect(await errorOf(api.setProviderPreferences(context, newOwner(), input, null))).toMatchObject({
      code: "invalid_request",
      param,
    });
  });

  it("needs its permissions", async () => {
    const actor = newOwner([]);
    expect(await errorOf(api.getProviderPreferences(context, actor))).toMatchObject({ code: "permission_denied" });
    expect(
      await errorOf(api.setProviderPreferences(context, newOwner(["provider_preferences:read"]), {}, null)),
    ).toMatchObject({ code: "permission_denied" });
  });
});

describe("/v1/provider-credentials", () => {
  it("saves a key that the provider takes, and shows everything of it but itself", async () => {
    const actor = newOwner();
    const { slug } = await addProvider({ base_url: "https://takes.example.com/v1" });
    const made = await valueOf(bring(actor, slug, { name: "ours" }));
    expect(made).toMatchObject({ provider: slug, name: "ours", hint: "6789", revision: 1 });
    expect(made.verified_at).not.toBeNull();
    const answers = [
      made,
      await valueOf(api.getProviderCredential(context, actor, made.id)),
      await valueOf(api.listProviderCredentials(context, actor, {})),
      await errorOf(bring(actor, slug)),
      await valueOf(api.updateProviderCredential(context, actor, made.id, { name: "new", api_key: GOOD }, '"1"')),
    ];
    expect(answers[3]).toMatchObject({ code: "already_exists", param: "provider" });
    expect(answers[4]).toMatchObject({ name: "new", revision: 2 });
    expect(JSON.stringify(answers)).not.toContain("good-0123456789");
    const { results } = await env.DB.prepare("SELECT * FROM credentials WHERE id = ?").bind(made.id).all();
    expect(JSON.stringify(results)).not.toContain("good-0123456789");
    expect(await valueOf(api.deleteProviderCredential(context, actor, made.id))).toBeUndefined();
    expect(await errorOf(api.getProviderCredential(context, actor, made.id))).toMatchObject({ code: "not_found" });
  });

  it.each([
    ["one that the provider refuses", "takes", "openai-compatible", "sk-bad-0123456789", "invalid_request", "api_key"],
    ["one that OpenRouter does not know", "public", "openrouter", "sk-bad-0123456789", "invalid_request", "api_key"],
    ["one that Gemini answers 400 to", "odd", "gemini", "sk-bad-0123456789", "invalid_request", "api_key"],
    ["one that nobody can be asked about", "broken", "openai-compatible", GOOD, "upstream_error", undefined],
    ["one whose provider sends us elsewhere", "moves", "openai-compatible", GOOD, "upstream_error", undefined],
  ])("does not save %s, unless told not to ask", async (_, host, kind, key, code, param) => {
    const actor = newOwner();
    const { slug } = await addProvider({ kind, base_url: `https://${host}.example.com` });
    const error = await errorOf(bring(actor, slug, { api_key: key }));
    expect([error.code, error.param]).toEqual([code, param]);
    expect((await valueOf(api.listProviderCredentials(context, actor, {}))).data).toEqual([]);
    expect(await valueOf(bring(actor, slug, { api_key: key, verify: false }))).toMatchObject({ verified_at: null });
  });

  it.each([
    ["provider", { provider: "no-such-provider", api_key: GOOD }],
    ["provider", { api_key: GOOD }],
    ["api_key", { provider: "x", api_key: "" }],
    ["api_key", { provider: "x", api_key: "sk\r\nx-admin: 1" }],
    ["base_url", { provider: "x", api_key: GOOD, base_url: "https://evil.example.com" }],
    ["company_id", { provider: "x", api_key: GOOD, company_id: "company-1" }],
  ])("refuses a wrong %s: %j", async (param, input) => {
    expect(await errorOf(api.createProviderCredential(context, newOwner(), input))).toMatchObject({
      code: "invalid_request",
      param,
    });
  });

  it("answers for another company's credential exactly as for none", async () => {
    const [ours, theirs] = [newOwner(), newOwner()];
    const { slug } = await addProvider({ base_url: "https://takes.example.com/v1" });
    const { id } = await valueOf(bring(theirs, slug));
    for (const call of [
      (at: string) => api.getProviderCredential(context, ours, at),
      (at: string) => api.updateProviderCredential(context, ours, at, { name: "x" }, null),
      (at: string) => api.deleteProviderCredential(context, ours, at),
    ]) {
      expect(await errorOf(call(id))).toEqual(await errorOf(call("no-such-id")));
    }
    expect(await valueOf(api.getProviderCredential(context, theirs, id))).toMatchObject({ name: "" });
  });

  it("needs its permissions", async () => {
    const [nobody, reader] = [newOwner([]), newOwner(["provider_credentials:read"])];
    const answers = await Promise.all([
      errorOf(api.listProviderCredentials(context, nobody, {})),
      errorOf(api.getProviderCredential(context, nobody, "x")),
      errorOf(bring(reader, "x")),
      errorOf(api.updateProviderCredential(context, reader, "x", {}, null)),
      errorOf(api.deleteProviderCredential(context, reader, "x")),
    ]);
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => "permission_denied"));
  });
});

describe("a plan with a company's own keys", () => {
  it("tries them before the platform's, for that company alone, at the fee", async () => {
    const [ours, theirs] = [newOwner(), newOwner()];
    const cheap = await addProvider();
    const dear = await addProvider({
      base_url: "https://takes.example.com/v1",
      priority: 9,
      api_key: "sk-platform-key",
    });
    const model = await addModel({ [cheap.slug]: "1", [dear.slug]: "2" });
    await valueOf(bring(ours, dear.slug));
    const plan = await valueOf(planFor(model.id, { companyId: ours.companyId }));
    expect(keysOf(plan)).toEqual([`${dear.slug}:company`, `${cheap.slug}:platform`, `${dear.slug}:platform`]);
    expect(plan.endpoints[0]).toMatchObject({ credential: { secret: GOOD }, price: { feeBps: 500 } });
    expect(plan.endpoints[2]).toMatchObject({ credential: { secret: "sk-platform-key" } });
    expect(plan.endpoints[2]?.price).not.toHaveProperty("feeBps");
    const others = await valueOf(planFor(model.id, { companyId: theirs.companyId }));
    expect(keysOf(others)).toEqual([`${cheap.slug}:platform`, `${dear.slug}:platform`]);
    expect(JSON.stringify(others)).not.toContain(GOOD);
  });

  it("serves where nobody set the provider up, but not where an operator switched it off", async () => {
    const actor = newOwner();
    const { companyId } = actor;
    const { slug } = await addProvider({ base_url: "https://takes.example.com/v1", api_key: undefined });
    const model = await addModel({ [slug]: "1" });
    await env.DB.prepare("UPDATE providers SET kind = 'openai', origin = 'catalogue', enabled = 0 WHERE slug = ?")
      .bind(slug)
      .run();
    await valueOf(bring(actor, slug));
    expect(keysOf(await valueOf(planFor(model.id, { companyId })))).toEqual([`${slug}:company`]);
    expect((await planFor(model.id, { companyId: fresh("other") })).ok).toBe(false);
    await valueOf(api.updateProvider(context, operator, slug, { enabled: false }));
    expect(await errorOf(planFor(model.id, { companyId }))).toMatchObject({ code: "no_endpoint_available" });
  });

  it("case 70: a key goes to the host that it was given for, and a company cannot name another", async () => {
    const actor = newOwner();
    const { companyId } = actor;
    const { slug } = await addProvider({ base_url: "https://takes.example.com/v1", api_key: "sk-platform-key" });
    const model = await addModel({ [slug]: "1" });
    const { id } = await valueOf(bring(actor, slug));
    const elsewhere = { base_url: "https://takes.example.net/v1", api_key: "sk-for-the-new-host" };
    await valueOf(api.updateProvider(context, operator, slug, elsewhere));
    const plan = await valueOf(planFor(model.id, { companyId }));
    expect(keysOf(plan)).toEqual([`${slug}:platform`]);
    expect(JSON.stringify(plan)).not.toContain(GOOD);
    await valueOf(api.updateProviderCredential(context, actor, id, { api_key: GOOD }, null));
    expect(keysOf(await valueOf(planFor(model.id, { companyId })))).toEqual([`${slug}:company`, `${slug}:platform`]);
  });

  it("does not open a key that was moved to another company's row", async () => {
    const [ours, theirs] = [newOwner(), newOwner()];
    const { slug } = await addProvider({ base_url: "https://takes.example.com/v1" });
    const model = await addModel({ [slug]: "1" });
    const { id } = await valueOf(bring(theirs, slug));
    await env.DB.prepare("UPDATE credentials SET company_id = ? WHERE id = ?").bind(ours.companyId, id).run();
    const plan = await valueOf(planFor(model.id, { companyId: ours.companyId }));
    expect(keysOf(plan)).toEqual([`${slug}:platform`]);
    expect(JSON.stringify(plan)).not.toContain(GOOD);
  });

  it("names a replaced key anew, so that what was seen of the old one is forgotten", async () => {
    const actor = newOwner();
    const { slug } = await addProvider({ base_url: "https://takes.example.com/v1" });
    const model = await addModel({ [slug]: "1" });
    const { id } = await valueOf(bring(actor, slug));
    const keyId = async () =>
      (await valueOf(planFor(model.id, { companyId: actor.companyId }))).endpoints[0]?.credential.id;
    const before = await keyId();
    await valueOf(api.updateProviderCredential(context, actor, id, { api_key: GOOD }, null));
    expect(await keyId()).not.toBe(before);
  });
});

describe("asking a provider of a key", () => {
  it.each([
    ["openai", "https://h/v1/models", { authorization: "Bearer s" }],
    ["openrouter", "https://h/v1/key", { authorization: "Bearer s" }],
    ["azure-openai", "https://h/v1/models", { "api-key": "s" }],
    ["anthropic", "https://h/v1/v1/models?limit=1", { "x-api-key": "s", "anthropic-version": "2023-06-01" }],
    ["gemini", "https://h/v1/v1beta/models?pageSize=1", { "x-goog-api-key": "s" }],
  ] as const)("goes by the way of %s", (kind, url, headers) => {
    expect(verificationCall(kind, "https://h/v1", "s")).toEqual({ url, headers });
  });

  it.each([
    ["openai", 200, "taken"],
    ["openai", 401, "refused"],
    ["openai", 403, "refused"],
    ["openai", 400, "unknown"],
    ["openai", 429, "unknown"],
    ["openai", 302, "unknown"],
    ["openai", 503, "unknown"],
    ["gemini", 400, "refused"],
  ] as const)("%s answering %i is %s", (kind, status, verdict) => {
    expect(verdictOf(kind, status)).toBe(verdict);
  });
});

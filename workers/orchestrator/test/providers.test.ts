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

const SECRET = "sk-canary-0123456789abcdef";
const api = orchestrator();

describe("/v1/admin/providers", () => {
  it("creates, shows, changes, lists and removes a provider", async () => {
    const created = await addProvider({ slug: "groq", base_url: "https://api.groq.com/openai/v1/", priority: 5 });
    expect(created).toMatchObject({
      slug: "groq",
      kind: "openai-compatible",
      base_url: "https://api.groq.com/openai/v1",
      enabled: true,
      priority: 5,
      on_disconnect: "drain",
      collects_data: true,
      has_credential: true,
    });
    expect(await valueOf(api.getProvider(context, operator, "groq"))).toEqual(created);

    const changed = await valueOf(
      api.updateProvider(context, operator, "groq", { enabled: false, on_disconnect: "stop" }),
    );
    expect(changed).toMatchObject({ enabled: false, on_disconnect: "stop", priority: 5, has_credential: true });
    expect(await valueOf(api.getProvider(context, operator, "groq"))).toEqual(changed);

    expect(await valueOf(api.deleteProvider(context, operator, "groq"))).toBeUndefined();
    expect(await errorOf(api.getProvider(context, operator, "groq"))).toMatchObject({ code: "not_found" });
    expect(await errorOf(api.deleteProvider(context, operator, "groq"))).toMatchObject({ code: "not_found" });
    expect(await errorOf(api.updateProvider(context, operator, "groq", {}))).toMatchObject({ code: "not_found" });
  });

  it("pages by slug", async () => {
    for (const slug of ["zz-a", "zz-b", "zz-c"]) await addProvider({ slug });
    const slugs: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = cursor === null ? { limit: "2" } : { limit: "2", cursor };
      const page = await valueOf(api.listProviders(context, operator, query));
      expect(page.data.length).toBeLessThanOrEqual(2);
      slugs.push(...page.data.map(({ slug }) => slug));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(slugs.filter((slug) => slug.startsWith("zz-"))).toEqual(["zz-a", "zz-b", "zz-c"]);
    expect(slugs).toEqual([...slugs].sort());
    expect(new Set(slugs).size).toBe(slugs.length);
  });

  it("never returns a credential, nor keeps one in the clear", async () => {
    const slug = fresh("canary");
    const answers = [
      await addProvider({ slug, api_key: SECRET }),
      await valueOf(api.getProvider(context, operator, slug)),
      await valueOf(api.updateProvider(context, operator, slug, { api_key: SECRET, priority: 1 })),
      await valueOf(api.listProviders(context, operator, { limit: 100 })),
      await errorOf(api.createProvider(context, operator, { slug, kind: "openai", api_key: SECRET })),
      await errorOf(api.updateProvider(context, operator, slug, { api_key: `${SECRET}\r\n` })),
    ];
    expect(JSON.stringify(answers)).not.toContain("canary-0123456789");
    const { results } = await env.DB.prepare("SELECT * FROM credentials WHERE provider_slug = ?").bind(slug).all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain("canary-0123456789");
  });

  it("seals a credential to its row: ciphertext moved to another provider does not open", async () => {
    const [from, to] = [await addProvider({ api_key: SECRET }), await addProvider({ api_key: "sk-other-0123456789" })];
    const model = await addModel({ [to.slug]: "1" });
    await env.DB.prepare(
      "UPDATE credentials SET sealed_secret = (SELECT sealed_secret FROM credentials WHERE provider_slug = ?) WHERE provider_slug = ?",
    )
      .bind(from.slug, to.slug)
      .run();
    expect(await errorOf(planFor(model.id))).toMatchObject({ code: "no_endpoint_available" });
  });

  it("gives the plan the secret as it was given, and the new one after a change", async () => {
    const provider = await addProvider({ api_key: SECRET });
    const model = await addModel({ [provider.slug]: "1" });
    const secret = async () => (await valueOf(planFor(model.id))).endpoints.map(({ credential }) => credential.secret);
    expect(await secret()).toEqual([SECRET]);
    await valueOf(api.updateProvider(context, operator, provider.slug, { api_key: "sk-new-0123456789" }));
    expect(await secret()).toEqual(["sk-new-0123456789"]);
    const removed = await valueOf(api.updateProvider(context, operator, provider.slug, { api_key: null }));
    expect(removed.has_credential).toBe(false);
    expect(await secret()).toEqual([null]);
  });

  it("does not send a stored key to another host", async () => {
    const { slug } = await addProvider({ base_url: "https://api.example.com/v1" });
    const move = { base_url: "https://elsewhere.example.net/v1" };
    expect(await errorOf(api.updateProvider(context, operator, slug, move))).toMatchObject({
      code: "invalid_request",
      param: "api_key",
    });
    const sameHost = { base_url: "https://api.example.com:8443/v2" };
    expect(await valueOf(api.updateProvider(context, operator, slug, sameHost))).toMatchObject(sameHost);
    expect(
      await valueOf(api.updateProvider(context, operator, slug, { ...move, api_key: "sk-x-0123456789" })),
    ).toMatchObject(move);
  });

  it("takes over a provider that came with the price book, once", async () => {
    await env.DB.prepare(
      "INSERT INTO providers (slug, kind, base_url, enabled, priority, on_disconnect, collects_data, origin, created_at_ms, updated_at_ms) VALUES ('openai', 'openai', 'https://api.openai.com/v1', 0, 0, 'stop', 1, 'catalogue', 1, 1)",
    ).run();
    const input = { slug: "openai", kind: "openai", api_key: SECRET };
    expect(await valueOf(api.createProvider(context, operator, input))).toMatchObject({
      base_url: "https://api.openai.com/v1",
      enabled: true,
      has_credential: true,
    });
    expect(await errorOf(api.createProvider(context, operator, input))).toMatchObject({
      code: "already_exists",
      param: "slug",
    });
  });

  it("switches on a provider that came with the price book when it gets its key", async () => {
    await env.DB.prepare(
      "INSERT INTO providers (slug, kind, base_url, enabled, priority, on_disconnect, collects_data, origin, created_at_ms, updated_at_ms) VALUES ('gemini', 'gemini', 'https://generativelanguage.googleapis.com', 0, 0, 'drain', 1, 'catalogue', 1, 1)",
    ).run();
    const after = await valueOf(api.updateProvider(context, operator, "gemini", { api_key: SECRET }));
    expect(after).toMatchObject({ enabled: true, has_credential: true });
    await valueOf(api.updateProvider(context, operator, "gemini", { enabled: false }));
    const still = await valueOf(api.updateProvider(context, operator, "gemini", { api_key: SECRET }));
    expect(still.enabled).toBe(false);
  });

  it.each([
    ["openai", "https://api.openai.com/v1", "stop"],
    ["gemini", "https://generativelanguage.googleapis.com", "drain"],
    ["openai-compatible", "https://api.mistral.ai/v1", "drain"],
    ["openai-compatible", "https://api.together.xyz/v1", "drain"],
    ["openai-compatible", "https://notgroq.com/v1", "stop"],
  ])("reads a %s at %s to the end or stops it, by default: %s", async (kind, base_url, policy) => {
    expect(await addProvider({ kind, base_url })).toMatchObject({ on_disconnect: policy });
  });

  it.each([
    ["slug", { slug: "Groq" }],
    ["slug", { slug: "../x" }],
    ["slug", { slug: "" }],
    ["kind", { kind: "bedrock" }],
    ["base_url", { base_url: undefined }],
    ["base_url", { base_url: "http://provider.example.com/v1" }],
    ["base_url", { base_url: "https://127.1/v1" }],
    ["base_url", { base_url: "https://[::ffff:7f00:1]/v1" }],
    ["base_url", { base_url: "https://169.254.169.254/latest" }],
    ["base_url", { base_url: "https://user:pass@provider.example.com/v1" }],
    ["base_url", { base_url: "https://provider.example.com/v1#" }],
    ["base_url", { base_url: "https://provider.example.com/v1?a=b" }],
    ["base_url", { base_url: "file:///etc/passwd" }],
    ["api_key", { api_key: "sk with space" }],
    ["api_key", { api_key: "sk\r\nx-admin: 1" }],
    ["api_key", { api_key: 7 }],
    ["priority", { priority: 1.5 }],
    ["on_disconnect", { on_disconnect: "abort" }],
    ["has_credential", { has_credential: true }],
  ])("refuses a wrong %s: %j", async (param, wrong) => {
    const input = {
      slug: fresh("p"),
      kind: "openai-compatible",
      base_url: "https://provider.example.com/v1",
      ...wrong,
    };
    expect(await errorOf(api.createProvider(context, operator, input))).toMatchObject({
      code: "invalid_request",
      param,
    });
  });

  it.each([
    "127.1",
    "2130706433",
    "0x7f.1",
    "017700000001",
    "0",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127.0.0.1.",
    "localhost.",
    "[::1]",
    "[::]",
    "[::ffff:7f00:1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fd00::]",
    "[fe80::1]",
    "[fec0::1]",
    "100.64.0.1",
    "169.254.169.254",
    "user@example.com",
    "example.com\\@127.0.0.1",
    "127.0.0.1%2f@example.com",
    "exa\nmple.com",
    "example.com:22",
    "example.com:6667",
  ])("case 67: refuses the base URL https://%s when a provider is made and when it is changed", async (host) => {
    const wrong = { base_url: `https://${host}/v1` };
    const slug = fresh("p");
    const made = api.createProvider(context, operator, { slug, kind: "openai-compatible", ...wrong });
    expect(await errorOf(made)).toMatchObject({ code: "invalid_request", param: "base_url" });
    expect(await errorOf(api.getProvider(context, operator, slug))).toMatchObject({ code: "not_found" });
    const { slug: kept } = await addProvider({ base_url: "https://takes.example.com/v1" });
    expect(await errorOf(api.updateProvider(context, operator, kept, wrong))).toMatchObject({
      code: "invalid_request",
      param: "base_url",
    });
    expect(await valueOf(api.getProvider(context, operator, kept))).toMatchObject({
      base_url: "https://takes.example.com/v1",
    });
  });

  it("allows a private address only where the operator does", async () => {
    const input = { slug: fresh("local"), kind: "openai-compatible", base_url: "http://127.0.0.1:8080/v1" };
    expect(await errorOf(api.createProvider(context, operator, input))).toMatchObject({ param: "base_url" });
    const development = orchestrator({ ALLOW_PRIVATE_UPSTREAMS: "true" });
    expect(await valueOf(development.createProvider(context, operator, input))).toMatchObject({
      base_url: input.base_url,
    });
  });

  it("is for operators: everybody else is refused, whatever the provider", async () => {
    const { slug } = await addProvider();
    const answers = await Promise.all([
      errorOf(api.listProviders(context, owner, {})),
      errorOf(api.getProvider(context, owner, slug)),
      errorOf(api.getProvider(context, owner, "nobody")),
      errorOf(api.createProvider(context, owner, { slug: fresh("p"), kind: "openai" })),
      errorOf(api.updateProvider(context, owner, slug, { enabled: false })),
      errorOf(api.deleteProvider(context, owner, slug)),
    ]);
    for (const answer of answers) expect(answer.code).toBe("permission_denied");
    expect(await valueOf(api.getProvider(context, operator, slug))).toMatchObject({ enabled: true });
  });

  it("answers 503 when the database does not, and shows nothing of it", async () => {
    const broken = orchestrator({
      DB: {
        prepare: () => {
          throw new Error("D1_ERROR: secret detail");
        },
      } as unknown as D1Database,
    });
    const error = await errorOf(broken.listProviders(context, operator, {}));
    expect(error.code).toBe("service_unavailable");
    expect(JSON.stringify(error)).not.toContain("D1");
  });
});

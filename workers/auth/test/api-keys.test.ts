import { env } from "cloudflare:workers";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { describe, expect, it } from "vitest";
import { newApiKey } from "../src/domain/api-key.ts";
import { openDatabase } from "../src/db/client.ts";
import { findKeyBySecret } from "../src/db/api-keys.ts";
import { actionsOf, auth, context, principal, registerCompany, rowsOf, valueOf } from "./support/auth.ts";

const BAD_KEY = { ok: false, error: { code: "invalid_api_key" } };
const DENIED = { ok: false, error: { code: "permission_denied" } };

describe("an API key", () => {
  it("is shown once, stored as a hash, and speaks for its company", async () => {
    const { actor } = await registerCompany();
    const created = valueOf(await auth.createApiKey(context(), actor, { name: "production" }));
    expect(created).toMatchObject({
      name: "production",
      prefix: `${created.key.slice(0, 12)}...${created.key.slice(-4)}`,
      scopes: ["inference:create", "models:read", "billing:read", "usage:read", "requests:read"],
      rate_limits: null,
      is_active: true,
      expires_at: null,
    });
    const resolved = await principal(created.key);
    expect(resolved).toEqual({
      actor: {
        kind: "api_key",
        companyId: actor.companyId,
        memberId: actor.memberId,
        keyId: created.id,
        permissions: created.scopes,
        platformAdmin: false,
      },
      key: {
        keyId: created.id,
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
    });
    const stored = JSON.stringify([await rowsOf("SELECT * FROM api_keys"), await rowsOf("SELECT * FROM audit_log")]);
    expect(stored).not.toContain(created.key);
    expect(stored).not.toContain(created.key.slice(12, -4));
    const listed = JSON.stringify(valueOf(await auth.listApiKeys(context(), actor, {})));
    expect(listed).toContain(created.id);
    expect(listed).not.toContain(created.key.slice(12, -4));
  });

  it("carries its limits to the principal", async () => {
    const { actor } = await registerCompany();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const created = valueOf(
      await auth.createApiKey(context(), actor, {
        name: "limited",
        expires_at: expiresAt,
        scopes: ["inference:create"],
        allowed_models: ["a/b", "a/b", "c"],
        allowed_ips: ["203.0.113.9/24", "2001:db8::1"],
        rate_limits: { requests_per_minute: 1, concurrent_requests: 2 },
        budget: { amount_nano_usd: 5_000, period: "day" },
      }),
    );
    expect(created).toMatchObject({
      rate_limits: { requests_per_minute: 1, concurrent_requests: 2 },
      expires_at: expiresAt,
    });
    expect((await principal(created.key)).key).toMatchObject({
      rateLimits: { requestsPerMinute: 1, concurrentRequests: 2 },
      budget: { amountNanoUsd: 5_000, period: "day" },
      allowedModels: ["a/b", "c"],
      allowedIps: ["203.0.113.0/24", "2001:db8::1/128"],
      expiresAtMs: Date.parse(expiresAt),
    });
  });

  it("is refused from its revocation on, and revoking again answers alike", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    expect(await auth.revokeApiKey(context(), actor, key.id)).toEqual({ ok: true });
    expect(await auth.authenticate(context(), key.key)).toMatchObject(BAD_KEY);
    expect(await auth.revokeApiKey(context(), actor, key.id)).toEqual({ ok: true });
    expect(await actionsOf(actor.companyId)).toEqual(["company.registered", "api_key.created", "api_key.revoked"]);
    const listed = valueOf(await auth.listApiKeys(context(), actor, {}));
    expect(listed.data).toMatchObject([{ id: key.id, is_active: false }]);
  });

  it("is refused from its expiry on", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(
      await auth.createApiKey(context(), actor, { name: "k", expires_at: new Date(Date.now() + 60_000).toISOString() }),
    );
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ ok: true });
    await env.DB.prepare("UPDATE api_keys SET expires_at_ms = ? WHERE id = ?").bind(Date.now(), key.id).run();
    expect(await auth.authenticate(context(), key.key)).toMatchObject(BAD_KEY);
  });

  it("says the same whether it is mistyped, unknown or revoked", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    await auth.revokeApiKey(context(), actor, key.id);
    const answers = await Promise.all(
      [key.key, newApiKey("live"), "ag_live_mistyped", ""].map((token) => auth.authenticate(context(), token)),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject(BAD_KEY);
  });

  it("dies with its maker's membership, and shrinks with its maker's role", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    await env.DB.prepare("UPDATE memberships SET role = 'viewer' WHERE member_id = ?").bind(actor.memberId).run();
    expect((await principal(key.key)).actor.permissions).toEqual([
      "models:read",
      "billing:read",
      "usage:read",
      "requests:read",
    ]);
    await env.DB.prepare("DELETE FROM memberships WHERE member_id = ?").bind(actor.memberId).run();
    expect(await auth.authenticate(context(), key.key)).toMatchObject(BAD_KEY);
  });

  it("never acts for the platform, also when an operator made it", async () => {
    const { actor, session } = await registerCompany();
    await env.DB.prepare("UPDATE members SET is_platform_admin = 1 WHERE id = ?").bind(actor.memberId).run();
    const { actor: operator } = await principal(session.access_token);
    expect(operator.platformAdmin).toBe(true);
    const key = valueOf(await auth.createApiKey(context(), operator, { name: "k" }));
    expect((await principal(key.key)).actor.platformAdmin).toBe(false);
  });

  it("notes its use to the hour, not each time", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    await principal(key.key);
    await expect
      .poll(async () => (await rowsOf("SELECT last_used_at_ms AS at FROM api_keys WHERE id = ?", key.id))[0]?.["at"])
      .toEqual(expect.any(Number));
    const [row] = await rowsOf("SELECT last_used_at_ms AS at FROM api_keys WHERE id = ?", key.id);
    expect(Number(row?.["at"]) % 3_600_000).toBe(0);
  });
});

describe("case 44: a credential that cannot be ours", () => {
  const hostile = [
    "' OR 1=1 --",
    "ag_live_' UNION SELECT * FROM members --",
    "x".repeat(100_000),
    "a.".repeat(50_000),
    "ag_live_ѕесrеt",
    "__proto__",
    "ag_live_\r\nx-evil: 1",
    "null",
    "..",
    "a.b.c",
  ];
  it.each(hostile.map((token) => [token.slice(0, 40), token]))("is refused: %j", async (_, token) => {
    const answer = await auth.authenticate(context(), token);
    expect(answer.ok).toBe(false);
    expect(["invalid_api_key", "invalid_token"]).toContain(answer.ok ? "ok" : answer.error.code);
  });
});

describe("looking a key up", () => {
  it("is one read, by the unique indexes of its hashes", async () => {
    const query = findKeyBySecretSql();
    const plan = await rowsOf(`EXPLAIN QUERY PLAN ${query}`, "h", "h");
    const steps = plan.map((row) => String(row["detail"]));
    expect(steps.join("\n")).toContain("api_keys_key_hash_unique");
    expect(steps.join("\n")).toContain("api_keys_previous_key_hash_unique");
    expect(steps.filter((step) => step.startsWith("SCAN"))).toEqual([]);
  });

  it("reads no table that grows with requests, and few rows", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    const [row] = await rowsOf("SELECT key_hash FROM api_keys WHERE id = ?", key.id);
    const hash = String(row?.["key_hash"]);
    const { meta } = await env.DB.prepare(findKeyBySecretSql()).bind(hash, hash).all();
    // key, company, member, membership; each with its index entry at most.
    expect(meta.rows_read).toBeLessThanOrEqual(10);
  });
});

function findKeyBySecretSql(): string {
  const captured: string[] = [];
  const recording = new Proxy(env.DB, {
    get(target, name, receiver) {
      if (name !== "prepare") return Reflect.get(target, name, receiver) as unknown;
      return (sql: string) => {
        captured.push(sql);
        return target.prepare(sql);
      };
    },
  });
  void findKeyBySecret(openDatabase(recording), "h").catch(() => undefined);
  expect(captured).toHaveLength(1);
  return captured[0] ?? "";
}

describe("nobody gives a key more than they have", () => {
  it("case 40: a scope that the maker lacks is refused, naming it", async () => {
    const { actor } = await registerCompany();
    const developer = { ...actor, permissions: ["api_keys:manage", "inference:create"] as const };
    const refused = await auth.createApiKey(context(), developer, { name: "k", scopes: ["billing:manage"] });
    expect(refused).toMatchObject({ ok: false, error: { code: "permission_denied", param: "scopes" } });
    const given = valueOf(await auth.createApiKey(context(), developer, { name: "k" }));
    expect(given.scopes).toEqual(["inference:create"]);
  });

  it("without api_keys:manage nobody makes, with api_keys:read only lists", async () => {
    const { actor } = await registerCompany();
    const reader = { ...actor, permissions: ["api_keys:read"] as const };
    expect(await auth.createApiKey(context(), reader, { name: "k" })).toMatchObject(DENIED);
    expect(await auth.revokeApiKey(context(), reader, "any")).toMatchObject(DENIED);
    expect(await auth.listApiKeys(context(), reader, {})).toMatchObject({ ok: true });
    const nobody = { ...actor, permissions: [] };
    expect(await auth.listApiKeys(context(), nobody, {})).toMatchObject(DENIED);
  });

  it.each([
    ["allowed_models", { allowed_models: ["m1", "m2"] }],
    ["allowed_models", { allowed_models: undefined }],
    ["allowed_ips", { allowed_ips: ["203.0.0.0/16"] }],
    ["allowed_ips", { allowed_ips: undefined }],
    ["expires_at", { expires_at: undefined }],
    ["budget", { budget: { amount_nano_usd: 1_001, period: "day" } }],
    ["budget", { budget: { amount_nano_usd: 1, period: "lifetime" } }],
    ["rate_limits.requests_per_minute", { rate_limits: { requests_per_minute: 11 } }],
    ["rate_limits.requests_per_minute", { rate_limits: {} }],
  ])("case 40: a key makes no key with wider %s: %j", async (param, wider) => {
    const { actor } = await registerCompany();
    const bounds = {
      scopes: [...PERMISSIONS],
      allowed_models: ["m1"],
      allowed_ips: ["203.0.113.0/24"],
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      budget: { amount_nano_usd: 1_000, period: "day" },
      rate_limits: { requests_per_minute: 10 },
    };
    const parent = valueOf(await auth.createApiKey(context(), actor, { name: "parent", ...bounds }));
    const { actor: byKey } = await principal(parent.key);
    expect(await auth.createApiKey(context(), byKey, { name: "same", ...bounds })).toMatchObject({ ok: true });
    const input = JSON.parse(JSON.stringify({ name: "wider", ...bounds, ...wider })) as unknown;
    expect(await auth.createApiKey(context(), byKey, input)).toMatchObject({
      ok: false,
      error: { code: "permission_denied", param },
    });
  });
});

describe("the body of a new key", () => {
  it.each([
    ["name", {}],
    ["name", { name: " " }],
    ["expires_at", { name: "k", expires_at: "2020-01-01T00:00:00Z" }],
    ["expires_at", { name: "k", expires_at: "tomorrow" }],
    ["scopes", { name: "k", scopes: [] }],
    ["scopes.0", { name: "k", scopes: ["everything"] }],
    ["rate_limits.requests_per_minute", { name: "k", rate_limits: { requests_per_minute: 0 } }],
    ["rate_limits.requests_per_minute", { name: "k", rate_limits: { requests_per_minute: 1.5 } }],
    ["rate_limits.requests", { name: "k", rate_limits: { requests: 1 } }],
    ["budget.amount_nano_usd", { name: "k", budget: { amount_nano_usd: -1, period: "day" } }],
    ["budget.period", { name: "k", budget: { amount_nano_usd: 1, period: "year" } }],
    ["allowed_ips.0", { name: "k", allowed_ips: ["2130706433"] }],
    ["allowed_ips.0", { name: "k", allowed_ips: ["10.0.0.0/33"] }],
    ["allowed_models", { name: "k", allowed_models: [] }],
    ["company_id", { name: "k", company_id: "other" }],
    ["member_id", { name: "k", member_id: "other" }],
    ["key", { name: "k", key: "ag_live_mine" }],
  ])("names the wrong field: %s %j", async (param, input) => {
    const { actor } = await registerCompany();
    const answer = await auth.createApiKey(context(), actor, input);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
    expect(await rowsOf("SELECT 1 FROM api_keys WHERE company_id = ?", actor.companyId)).toEqual([]);
  });
});

describe("keys of another company", () => {
  it("case 38: a foreign id answers as a missing one, and nothing happens to it", async () => {
    const [mine, theirs] = [await registerCompany(), await registerCompany()];
    const key = valueOf(await auth.createApiKey(context(), theirs.actor, { name: "k" }));
    const foreign = await auth.revokeApiKey(context(), mine.actor, key.id);
    expect(foreign).toEqual(await auth.revokeApiKey(context(), mine.actor, "01890000-0000-7000-8000-000000000000"));
    expect(foreign).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ ok: true });
    expect(valueOf(await auth.listApiKeys(context(), mine.actor, {})).data).toEqual([]);
  });
});

describe("listing keys", () => {
  it("pages newest first, without gaps while keys are added", async () => {
    const { actor } = await registerCompany();
    const names = ["a", "b", "c", "d", "e"];
    for (const name of names) valueOf(await auth.createApiKey(context(), actor, { name }));
    const first = valueOf(await auth.listApiKeys(context(), actor, { limit: "2" }));
    valueOf(await auth.createApiKey(context(), actor, { name: "late" }));
    const second = valueOf(await auth.listApiKeys(context(), actor, { limit: "2", cursor: first.nextCursor }));
    const third = valueOf(await auth.listApiKeys(context(), actor, { limit: "2", cursor: second.nextCursor }));
    const seen = [first, second, third].flatMap((page) => page.data.map(({ name }) => name));
    expect(seen).toEqual(["e", "d", "c", "b", "a"]);
    expect(third.nextCursor).toBeNull();
  });

  it.each([
    ["limit", { limit: "1000000000" }],
    ["limit", { limit: "0" }],
    ["limit", { limit: "x" }],
    ["cursor", { cursor: "%%%" }],
    ["cursor", { cursor: btoa("{}") }],
    ["cursor", { cursor: "x".repeat(10_000) }],
  ])("case 50: refuses a bad %s", async (param, query) => {
    const { actor } = await registerCompany();
    const answer = await auth.listApiKeys(context(), actor, query);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
  });
});

describe("the audit log", () => {
  it("is append-only: the database refuses to change or delete a row", async () => {
    const { actor } = await registerCompany();
    const change = env.DB.prepare("UPDATE audit_log SET action = 'nothing' WHERE company_id = ?").bind(actor.companyId);
    await expect(change.run()).rejects.toThrow("append-only");
    const shorten = env.DB.prepare("DELETE FROM audit_log WHERE company_id = ?").bind(actor.companyId);
    await expect(shorten.run()).rejects.toThrow("append-only");
  });
});

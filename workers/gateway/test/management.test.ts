import { beforeEach, describe, expect, it } from "vitest";
import { MEMBER, memberPrincipal } from "./support/builders.ts";
import { answers, argumentsOf, auth, analytics, billing, countOf, orchestrator, refuses } from "./support/doubles.ts";
import { refusal, send, sendJson } from "./support/http.ts";
import { anyContext } from "./support/matchers.ts";

const TOKEN = { authorization: "Bearer token" };
const DOUBLES = { auth, billing, orchestrator, analytics } as const;

beforeEach(async () => {
  for (const double of Object.values(DOUBLES)) await double.script({});
  await auth.script({ authenticate: answers(memberPrincipal()), adminGetCompany: answers({ id: "c-9" }) });
});

interface Case {
  readonly route: string;
  readonly to: keyof typeof DOUBLES;
  readonly method: string;
  /** What follows the context in the call. */
  readonly args: readonly unknown[];
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const BODY = { name: "x" };
const QUERY = "?limit=5&cursor=abc";
const query = { limit: "5", cursor: "abc" };
const CASES: readonly Case[] = [
  { route: "POST /v1/auth/register", to: "auth", method: "register", args: [BODY], status: 201, body: BODY },
  { route: "POST /v1/auth/login", to: "auth", method: "login", args: [BODY], body: BODY },
  { route: "POST /v1/auth/refresh", to: "auth", method: "refresh", args: [BODY], body: BODY },
  { route: "POST /v1/auth/logout", to: "auth", method: "logout", args: [MEMBER, "token"], status: 204 },
  { route: "GET /v1/me", to: "auth", method: "me", args: [MEMBER] },
  { route: "POST /v1/api-keys", to: "auth", method: "createApiKey", args: [MEMBER, BODY], status: 201, body: BODY },
  { route: `GET /v1/api-keys${QUERY}`, to: "auth", method: "listApiKeys", args: [MEMBER, query] },
  { route: "GET /v1/billing/balance", to: "billing", method: "balance", args: [MEMBER] },
  { route: `GET /v1/billing/transactions${QUERY}`, to: "billing", method: "transactions", args: [MEMBER, query] },
  { route: `GET /v1/requests${QUERY}`, to: "billing", method: "listRequests", args: [MEMBER, query] },
  { route: "GET /v1/requests/r-1", to: "billing", method: "getRequest", args: [MEMBER, "r-1"] },
  { route: "POST /v1/requests/r-1/cancel", to: "billing", method: "cancelRequest", args: [MEMBER, "r-1"], status: 204 },
  { route: "GET /v1/usage?group_by=model", to: "analytics", method: "usage", args: [MEMBER, { group_by: "model" }] },
  { route: "GET /v1/models/openai/gpt-4o", to: "orchestrator", method: "getModel", args: ["openai/gpt-4o"] },
  { route: "GET /v1/models/openai%2Fgpt-4o", to: "orchestrator", method: "getModel", args: ["openai/gpt-4o"] },
  { route: "GET /v1/provider-preferences", to: "orchestrator", method: "getProviderPreferences", args: [MEMBER] },
  {
    route: "PUT /v1/provider-preferences",
    to: "orchestrator",
    method: "setProviderPreferences",
    args: [MEMBER, BODY, '"3"'],
    body: BODY,
    headers: { "if-match": '"3"' },
  },
  {
    route: `GET /v1/provider-credentials${QUERY}`,
    to: "orchestrator",
    method: "listProviderCredentials",
    args: [MEMBER, query],
  },
  {
    route: "POST /v1/provider-credentials",
    to: "orchestrator",
    method: "createProviderCredential",
    status: 201,
    args: [MEMBER, BODY],
    body: BODY,
  },
  {
    route: "GET /v1/provider-credentials/c",
    to: "orchestrator",
    method: "getProviderCredential",
    args: [MEMBER, "c"],
  },
  {
    route: "PATCH /v1/provider-credentials/c",
    to: "orchestrator",
    method: "updateProviderCredential",
    args: [MEMBER, "c", BODY, null],
    body: BODY,
  },
  {
    route: "DELETE /v1/provider-credentials/c",
    to: "orchestrator",
    method: "deleteProviderCredential",
    status: 204,
    args: [MEMBER, "c"],
  },
  { route: `GET /v1/admin/providers${QUERY}`, to: "orchestrator", method: "listProviders", args: [MEMBER, query] },
  { route: "GET /v1/admin/providers/p", to: "orchestrator", method: "getProvider", args: [MEMBER, "p"] },
  {
    route: "POST /v1/admin/providers",
    to: "orchestrator",
    method: "createProvider",
    status: 201,
    args: [MEMBER, BODY],
    body: BODY,
  },
  {
    route: "PATCH /v1/admin/providers/p",
    to: "orchestrator",
    method: "updateProvider",
    args: [MEMBER, "p", BODY],
    body: BODY,
  },
  {
    route: "DELETE /v1/admin/providers/p",
    to: "orchestrator",
    method: "deleteProvider",
    status: 204,
    args: [MEMBER, "p"],
  },
  { route: "GET /v1/admin/health", to: "orchestrator", method: "adminHealth", args: [MEMBER] },
  {
    route: "POST /v1/admin/health/e-1/reset",
    to: "orchestrator",
    method: "adminResetHealth",
    args: [MEMBER, "e-1"],
  },
  {
    route: "PUT /v1/admin/routing/rules/large",
    to: "orchestrator",
    method: "setRoutingRule",
    args: [MEMBER, "large", BODY],
    body: BODY,
  },
  {
    route: "DELETE /v1/admin/routing/rules/large",
    to: "orchestrator",
    method: "deleteRoutingRule",
    status: 204,
    args: [MEMBER, "large"],
  },
  {
    route: "POST /v1/admin/routing/explain",
    to: "orchestrator",
    method: "explainRouting",
    args: [MEMBER, BODY],
    body: BODY,
  },
  {
    route: `GET /v1/admin/routing/aliases${QUERY}`,
    to: "orchestrator",
    method: "listModelAliases",
    args: [MEMBER, query],
  },
  {
    route: "GET /v1/admin/routing/aliases/our/fast",
    to: "orchestrator",
    method: "getModelAlias",
    args: [MEMBER, "our/fast"],
  },
  {
    route: "PUT /v1/admin/routing/aliases/our%2Ffast",
    to: "orchestrator",
    method: "setModelAlias",
    args: [MEMBER, "our/fast", BODY],
    body: BODY,
  },
  {
    route: "DELETE /v1/admin/routing/aliases/fast",
    to: "orchestrator",
    method: "deleteModelAlias",
    status: 204,
    args: [MEMBER, "fast"],
  },
  { route: `GET /v1/admin/models${QUERY}`, to: "orchestrator", method: "listCatalogueModels", args: [MEMBER, query] },
  { route: "GET /v1/admin/models/a/b%2Fc", to: "orchestrator", method: "getCatalogueModel", args: [MEMBER, "a/b/c"] },
  {
    route: "POST /v1/admin/models",
    to: "orchestrator",
    method: "createModel",
    status: 201,
    args: [MEMBER, BODY],
    body: BODY,
  },
  {
    route: "PATCH /v1/admin/models/a/b",
    to: "orchestrator",
    method: "updateModel",
    args: [MEMBER, "a/b", BODY],
    body: BODY,
  },
  {
    route: "DELETE /v1/admin/models/a/b",
    to: "orchestrator",
    method: "deleteModel",
    status: 204,
    args: [MEMBER, "a/b"],
  },
  {
    route: "POST /v1/admin/billing/companies/c-9/credits",
    to: "billing",
    method: "grantCredit",
    status: 201,
    args: [MEMBER, "c-9", BODY, "key-7"],
    body: BODY,
    headers: { "idempotency-key": "key-7" },
  },
  { route: "GET /v1/admin/billing/reconciliation", to: "billing", method: "ledgerFindings", args: [MEMBER, {}] },
  {
    route: "POST /v1/admin/billing/reconciliation",
    to: "billing",
    method: "reconcileLedger",
    args: [MEMBER, BODY, null],
    body: BODY,
  },
  { route: "GET /v1/admin/billing/companies/c-9/audit", to: "billing", method: "auditAccount", args: [MEMBER, "c-9"] },
  {
    route: "POST /v1/admin/billing/companies/c-9/unfreeze",
    to: "billing",
    method: "unfreezeAccount",
    status: 204,
    args: [MEMBER, "c-9", BODY, null],
    body: BODY,
  },
  { route: "POST /v1/admin/billing/rerate", to: "billing", method: "rerate", args: [MEMBER, BODY], body: BODY },
  { route: "GET /v1/admin/billing/prices", to: "billing", method: "listMarkupOverrides", args: [MEMBER, {}] },
  { route: "GET /.well-known/jwks.json", to: "auth", method: "jwks", args: [] },
];
const LISTS = new Set([
  "ledgerFindings",
  "reconcileLedger",
  "rerate",
  "listMarkupOverrides",
  "listApiKeys",
  "transactions",
  "listRequests",
  "usage",
  "listProviders",
  "listCatalogueModels",
  "listModelAliases",
  "listProviderCredentials",
]);

describe("a management route", () => {
  it.each(CASES)("$route is carried out by $to.$method", async ({ route, to, method, args, status, body, headers }) => {
    const [verb = "", path = ""] = route.split(" ");
    const isList = LISTS.has(method);
    const value = isList ? { data: [{ id: "i" }], nextCursor: "n" } : { id: "v", company: { id: "c" } };
    await DOUBLES[to].script({ authenticate: answers(memberPrincipal()), [method]: answers(value) });
    const response =
      body === undefined
        ? await send(path, { method: verb, headers: { ...TOKEN, ...headers } })
        : await sendJson(verb, path, body, headers);
    expect(response.status).toBe(status ?? 200);
    expect(await argumentsOf(DOUBLES[to], method)).toEqual([anyContext, ...args]);
    const wire = JSON.stringify(isList ? { data: [{ id: "i" }], next_cursor: "n" } : value);
    expect(await response.text()).toBe(status === 204 ? "" : wire);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("lists models in OpenAI's shape", async () => {
    await orchestrator.script({ listModels: answers([{ id: "m" }]) });
    const response = await send("/v1/models", { headers: TOKEN });
    expect(await response.json()).toEqual({ object: "list", data: [{ id: "m" }] });
  });

  it("tells auth the client's address on register and login", async () => {
    await auth.script({ login: answers({}) });
    await sendJson("POST", "/v1/auth/login", {}, { "cf-connecting-ip": "203.0.113.9" });
    expect((await argumentsOf(auth, "login"))[0]).toMatchObject({ clientIp: "203.0.113.9" });
  });
});

describe("an Idempotency-Key", () => {
  const credit = (key: string) =>
    sendJson("POST", "/v1/admin/billing/companies/c/credits", BODY, { "idempotency-key": key });

  it.each([" ".repeat(256), "\u00e9", ""])("that is %j is refused before anything is done", async (key) => {
    await billing.script({ grantCredit: answers({}) });
    expect(await refusal(await credit(key))).toMatchObject({ status: 400, param: "idempotency-key" });
    expect(await countOf(billing, "grantCredit")).toBe(0);
  });

  it("that was used before: the stored answer says so, a refusal too", async () => {
    await billing.script({ grantCredit: { answer: { ok: true, value: { id: "e" }, replayed: true } } });
    const repeat = await credit("k");
    expect([repeat.status, repeat.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    const error = { code: "invalid_request", message: "m" };
    await billing.script({ grantCredit: { answer: { ok: false, error, replayed: true } } });
    const refused = await credit("k");
    expect([refused.status, refused.headers.get("idempotent-replayed")]).toEqual([400, "true"]);
  });

  it("that is new leaves no mark", async () => {
    await billing.script({ grantCredit: answers({}) });
    expect((await credit("k")).headers.has("idempotent-replayed")).toBe(false);
  });
});

describe("revoking a key", () => {
  it("tells the account first, then auth", async () => {
    await billing.script({ revokeKey: answers() });
    await auth.script({ authenticate: answers(memberPrincipal()), revokeApiKey: answers() });
    expect((await send("/v1/api-keys/k-1", { method: "DELETE", headers: TOKEN })).status).toBe(204);
    expect(await argumentsOf(billing, "revokeKey")).toEqual([anyContext, MEMBER, "k-1"]);
    expect(await argumentsOf(auth, "revokeApiKey")).toEqual([anyContext, MEMBER, "k-1"]);
  });

  it("leaves auth alone when the account did not answer, so that a repeat does both", async () => {
    await billing.script({ revokeKey: { fail: "down" } });
    const response = await send("/v1/api-keys/k-1", { method: "DELETE", headers: TOKEN });
    expect(await refusal(response)).toMatchObject({ status: 503 });
    expect(await countOf(auth, "revokeApiKey")).toBe(0);
  });
});

describe("a management body is refused", () => {
  const post = (init: { body?: BodyInit; headers?: Record<string, string> }) =>
    send("/v1/api-keys", {
      method: "POST",
      headers: { ...TOKEN, "content-type": "application/json", ...init.headers },
      body: init.body ?? "{}",
    });

  it.each([
    ["not JSON", "{name:1}"],
    ["empty", ""],
    ["two values", "{}{}"],
    ["a duplicate key", '{"name":"a","name":"b"}'],
    ["__proto__", '{"__proto__":{"platformAdmin":true}}'],
    ["too deep", "[".repeat(10_000) + "]".repeat(10_000)],
    ["an infinite number", '{"n":1e400}'],
  ])("when it is %s: 400 invalid_json", async (_, body) => {
    expect(await refusal(await post({ body }))).toMatchObject({ status: 400, code: "invalid_json" });
    expect(await countOf(auth, "createApiKey")).toBe(0);
  });

  it("when it is not UTF-8", async () => {
    expect(await refusal(await post({ body: new Uint8Array([0x22, 0xff, 0x22]) }))).toMatchObject({ status: 400 });
  });

  it("when its type is not JSON or it is compressed: 415", async () => {
    expect(await refusal(await post({ headers: { "content-type": "text/plain" } }))).toMatchObject({
      status: 415,
      param: "content-type",
    });
    expect(await refusal(await post({ headers: { "content-encoding": "br" } }))).toMatchObject({
      status: 415,
      param: "content-encoding",
    });
  });

  it("when it is over 1 MiB, declared or not: 413", async () => {
    const large = JSON.stringify("x".repeat(1_048_576));
    expect(await refusal(await post({ body: large }))).toMatchObject({ status: 413, code: "request_too_large" });
    const chunks = new Response(large).body?.pipeThrough(new TransformStream());
    if (chunks === undefined) throw new Error("no body");
    expect(await refusal(await post({ body: chunks }))).toMatchObject({ status: 413, code: "request_too_large" });
  });

  it("by the Worker that parses it: its code, message and param reach the client", async () => {
    await auth.script({
      authenticate: answers(memberPrincipal()),
      createApiKey: refuses("invalid_request", "name: too long", { param: "name" }),
    });
    const response = await post({});
    expect(await response.json()).toEqual({
      error: { message: "name: too long", type: "invalid_request_error", code: "invalid_request", param: "name" },
      request_id: response.headers.get("x-request-id"),
    });
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { keyPrincipal, memberPrincipal, newKey } from "./support/builders.ts";
import { answers, argumentsOf, auth, billing, countOf, proxied, proxy, refuses } from "./support/doubles.ts";
import { chat, refusal, send } from "./support/http.ts";

const CACHE_MS = 1_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(async () => {
  await auth.script({ authenticate: answers(keyPrincipal()) });
  await billing.script({ balance: answers({}) });
  await proxy.script({});
});

describe("a credential", () => {
  it("is taken from either header, with the same result", async () => {
    const key = newKey();
    const headers = [{ authorization: `Bearer ${key}` }, { "x-api-key": key }, { authorization: `bearer  ${key} ` }];
    for (const sent of headers) {
      await auth.script({ authenticate: answers(memberPrincipal()) });
      expect((await send("/v1/billing/balance", { headers: sent })).status).toBe(200);
      expect((await argumentsOf(auth, "authenticate"))[1]).toBe(key);
    }
  });

  it("case 44: may be sent in both headers when they agree, and is refused when they differ", async () => {
    const key = newKey();
    const both = (other: string) => ({ authorization: `Bearer ${key}`, "x-api-key": other });
    expect((await send("/v1/billing/balance", { headers: both(key) })).status).toBe(200);
    const response = await send("/v1/billing/balance", { headers: both(newKey()) });
    expect(await refusal(response)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it.each([
    ["none", {}],
    ["Basic", { authorization: "Basic dXNlcjpwYXNz" }],
    ["an empty one", { authorization: "Bearer " }],
    ["two in one header", { authorization: "Bearer a, Bearer b" }],
    ["100 KB", { authorization: `Bearer ${"x".repeat(100_000)}` }],
    ["one beyond ASCII", { "x-api-key": "ag_live_\u00e9\u00e8" }],
  ])("case 44: that is %s is refused before auth is asked", async (_, headers) => {
    const response = await send("/v1/billing/balance", { headers });
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await refusal(response)).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(await countOf(auth, "authenticate")).toBe(0);
  });

  it("case 44: with SQL in it is only a wrong one", async () => {
    await auth.script({ authenticate: refuses("invalid_api_key") });
    const response = await send("/v1/billing/balance", { headers: { "x-api-key": "'OR/**/1=1;--" } });
    expect(await refusal(response)).toMatchObject({ status: 401, code: "invalid_api_key" });
  });
});

describe("a dependency", () => {
  it("auth that is slow gives 503 within its deadline, never 401", async () => {
    await auth.script({ authenticate: { hang: true } });
    const startedAt = Date.now();
    const [inference, management] = await Promise.all([
      chat(newKey()),
      send("/v1/billing/balance", { headers: { "x-api-key": newKey() } }),
    ]);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await refusal(inference)).toMatchObject({ status: 503, code: "service_unavailable" });
    expect(await refusal(management)).toMatchObject({ status: 503, code: "service_unavailable" });
    expect(inference.headers.get("retry-after")).toBe("1");
    expect(await countOf(proxy, "fetch")).toBe(0);
    expect(await countOf(billing, "balance")).toBe(0);
  });

  it("auth that is down gives 503 and nothing of the failure", async () => {
    await auth.script({ authenticate: { fail: "D1_ERROR: secret-detail" } });
    const response = await chat(newKey());
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain("secret-detail");
  });

  it("billing that is slow gives 503 within its deadline", async () => {
    await billing.script({ balance: { hang: true } });
    const startedAt = Date.now();
    const response = await send("/v1/billing/balance", { headers: { "x-api-key": newKey() } });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await refusal(response)).toMatchObject({ status: 503, code: "service_unavailable" });
  });
});

describe("a warm key", () => {
  it("is served without asking auth", async () => {
    const key = newKey();
    for (let turn = 0; turn < 3; turn += 1) expect((await chat(key)).status).toBe(200);
    expect(await countOf(auth, "authenticate")).toBe(1);
  });

  it("carries byte-identical context each time", async () => {
    const key = newKey();
    await auth.script({ authenticate: answers(keyPrincipal({ allowedModels: ["modèle/ü", "日本"] })) });
    await chat(key);
    const first = (await proxied()).headers["x-aggregator-principal"] ?? "";
    await proxy.script({});
    await chat(key);
    expect((await proxied()).headers["x-aggregator-principal"]).toBe(first);
    expect(first).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(first)).toEqual(keyPrincipal({ allowedModels: ["modèle/ü", "日本"] }));
  });

  it("case 43: that was revoked is refused once its answer is older than KEY_CACHE_MS", async () => {
    const key = newKey();
    expect((await chat(key)).status).toBe(200);
    await auth.script({ authenticate: refuses("invalid_api_key") });
    await pause(CACHE_MS + 50);
    expect(await refusal(await chat(key))).toMatchObject({ status: 401, code: "invalid_api_key" });
  });

  it("case 43: that was revoked is refused by the management plane at once", async () => {
    const key = newKey();
    expect((await chat(key)).status).toBe(200);
    await auth.script({ authenticate: refuses("invalid_api_key") });
    const response = await send("/v1/billing/balance", { headers: { "x-api-key": key } });
    expect(await refusal(response)).toMatchObject({ status: 401, code: "invalid_api_key" });
  });

  it("that expires is refused from that moment, cached or not", async () => {
    const key = newKey();
    // Inside the cache's time, and long enough for a busy machine to ask before it.
    const expiresAtMs = Date.now() + 800;
    await auth.script({ authenticate: answers(keyPrincipal({ expiresAtMs })) });
    expect((await chat(key)).status).toBe(200);
    await pause(expiresAtMs - Date.now() + 20);
    expect(await refusal(await chat(key))).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(await countOf(auth, "authenticate")).toBe(1);
  });

  it("is held to its addresses on every request", async () => {
    const key = newKey();
    await auth.script({ authenticate: answers(keyPrincipal({ allowedIps: ["203.0.113.0/24"] })) });
    const from = (address: string) => chat(key, { headers: { "cf-connecting-ip": address } });
    expect((await from("203.0.113.7")).status).toBe(200);
    expect(await refusal(await from("198.51.100.7"))).toMatchObject({ status: 403, code: "permission_denied" });
    expect((await from("203.0.113.8")).status).toBe(200);
    expect(await refusal(await chat(key))).toMatchObject({ status: 403, code: "permission_denied" });
    expect(await countOf(auth, "authenticate")).toBe(1);
  });
});

describe("what is not remembered", () => {
  it("case 43: an unknown key: one that is made a moment later works at once", async () => {
    const key = newKey();
    await auth.script({ authenticate: refuses("invalid_api_key") });
    expect((await chat(key)).status).toBe(401);
    await auth.script({ authenticate: answers(keyPrincipal()) });
    expect((await chat(key)).status).toBe(200);
  });

  it("an access token", async () => {
    await auth.script({ authenticate: answers(keyPrincipal()) });
    await chat("eyJhbGciOiJFZERTQSJ9.e30.sig");
    await chat("eyJhbGciOiJFZERTQSJ9.e30.sig");
    expect(await countOf(auth, "authenticate")).toBe(2);
  });

  it("a key by its beginning: one that differs in its last character is another", async () => {
    const key = newKey();
    expect((await chat(`${key}a`)).status).toBe(200);
    await auth.script({ authenticate: refuses("invalid_api_key") });
    expect((await chat(`${key}b`)).status).toBe(401);
  });
});

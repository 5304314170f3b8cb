import { beforeEach, describe, expect, it } from "vitest";
import { MEMBER, memberPrincipal } from "./support/builders.ts";
import { answers, argumentsOf, auth, billing, refuses } from "./support/doubles.ts";
import { type OpenAiError, refusal, send, sendJson } from "./support/http.ts";
import { anyContext } from "./support/matchers.ts";

const TOKEN = { authorization: "Bearer token" };

beforeEach(async () => {
  await billing.script({});
});

interface Case {
  readonly route: string;
  readonly method: string;
  /** What follows the context in the call. */
  readonly args: readonly unknown[];
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const BODY = { name: "x" };
const IF_MATCH = { "if-match": '"3"' };
const KEY_FILTER = { q: "prod%", is_active: "true" };
const CASES: readonly Case[] = [
  { route: "GET /v1/api-keys?q=prod%25&is_active=true", method: "listApiKeys", args: [MEMBER, KEY_FILTER] },
  { route: "GET /v1/api-keys/k", method: "getApiKey", args: [MEMBER, "k"] },
  {
    route: "PATCH /v1/api-keys/k",
    method: "updateApiKey",
    args: [MEMBER, "k", BODY, '"3"'],
    body: BODY,
    headers: IF_MATCH,
  },
  { route: "PATCH /v1/api-keys/k", method: "updateApiKey", args: [MEMBER, "k", BODY, null], body: BODY },
  { route: "GET /v1/auth/sessions?limit=5", method: "listSessions", args: [MEMBER, "token", { limit: "5" }] },
  { route: "DELETE /v1/auth/sessions/s", method: "revokeSession", args: [MEMBER, "s"], status: 204 },
  { route: "DELETE /v1/auth/sessions", method: "revokeOtherSessions", args: [MEMBER, "token"], status: 204 },
  {
    route: "POST /v1/auth/password/change",
    method: "changePassword",
    args: [MEMBER, "token", BODY],
    body: BODY,
    status: 204,
  },
  { route: "POST /v1/auth/password/forgot", method: "forgotPassword", args: [BODY], body: BODY, status: 204 },
  { route: "POST /v1/auth/password/reset", method: "resetPassword", args: [BODY], body: BODY, status: 204 },
  { route: "POST /v1/auth/verify-email", method: "verifyEmail", args: [BODY], body: BODY, status: 204 },
  { route: "POST /v1/auth/verify-email/resend", method: "resendVerification", args: [MEMBER], status: 204 },
  { route: "GET /v1/auth/mfa", method: "getSecondFactor", args: [MEMBER] },
  { route: "POST /v1/auth/mfa/enrol", method: "enrolSecondFactor", args: [MEMBER, BODY], body: BODY },
  { route: "POST /v1/auth/mfa/confirm", method: "confirmSecondFactor", args: [MEMBER, BODY], body: BODY },
  { route: "POST /v1/auth/mfa/disable", method: "disableSecondFactor", args: [MEMBER, BODY], body: BODY, status: 204 },
  { route: "POST /v1/auth/mfa/recovery-codes", method: "renewRecoveryCodes", args: [MEMBER, BODY], body: BODY },
  { route: "POST /v1/auth/mfa/verify", method: "verifySecondFactor", args: [BODY], body: BODY },
  { route: "GET /v1/members?limit=5", method: "listMembers", args: [MEMBER, { limit: "5" }] },
  { route: "GET /v1/members/m", method: "getMember", args: [MEMBER, "m"] },
  { route: "GET /v1/roles", method: "listRoles", args: [MEMBER, {}] },
  { route: "GET /v1/roles/r", method: "getRole", args: [MEMBER, "r"] },
  { route: "POST /v1/roles", method: "createRole", args: [MEMBER, BODY], body: BODY, status: 201 },
  { route: "DELETE /v1/roles/r", method: "deleteRole", args: [MEMBER, "r"], status: 204 },
  { route: "POST /v1/invitations", method: "createInvitation", args: [MEMBER, BODY], body: BODY, status: 201 },
  { route: "GET /v1/invitations", method: "listInvitations", args: [MEMBER, {}] },
  { route: "GET /v1/invitations/i", method: "getInvitation", args: [MEMBER, "i"] },
  { route: "DELETE /v1/invitations/i", method: "revokeInvitation", args: [MEMBER, "i"], status: 204 },
  { route: "POST /v1/invitations/accept", method: "acceptInvitation", args: [BODY], body: BODY },
  { route: "POST /v1/auth/oidc/start", method: "startOidcLogin", args: [BODY], body: BODY },
  { route: "POST /v1/auth/oidc/callback", method: "finishOidcLogin", args: [BODY], body: BODY },
  { route: "GET /v1/auth/oidc/identities?limit=5", method: "listOidcIdentities", args: [MEMBER, { limit: "5" }] },
  { route: "DELETE /v1/auth/oidc/identities/o", method: "unlinkOidcIdentity", args: [MEMBER, "o"], status: 204 },
  { route: "POST /v1/api-keys/k/rotate", method: "rotateApiKey", args: [MEMBER, "k", BODY], body: BODY },
];

describe("a route of accounts", () => {
  it.each(CASES)("$route is carried out by auth.$method", async ({ route, method, args, status, body, headers }) => {
    const [verb = "", path = ""] = route.split(" ");
    const isList = method.startsWith("list") || method.startsWith("adminList");
    const value = isList ? { data: [{ id: "i" }], nextCursor: "n" } : { id: "v" };
    await auth.script({ authenticate: answers(memberPrincipal()), [method]: answers(value) });
    const response =
      body === undefined
        ? await send(path, { method: verb, headers: { ...TOKEN, ...headers } })
        : await sendJson(verb, path, body, headers);
    expect(response.status).toBe(status ?? 200);
    expect(await argumentsOf(auth, method)).toEqual([anyContext, ...args]);
    const wire = JSON.stringify(isList ? { data: [{ id: "i" }], next_cursor: "n" } : value);
    expect(await response.text()).toBe(status === 204 ? "" : wire);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("answers a revision as a strong ETag, and nothing else", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), getApiKey: answers({ id: "k", revision: 7 }) });
    expect((await send("/v1/api-keys/k", { headers: TOKEN })).headers.get("etag")).toBe('"7"');
    await auth.script({ authenticate: answers(memberPrincipal()), getApiKey: answers({ id: "k" }) });
    expect((await send("/v1/api-keys/k", { headers: TOKEN })).headers.has("etag")).toBe(false);
  });
});

describe("signing in by an issuer", () => {
  it.each(["start", "callback"])("is nowhere without one: %s is answered as an unknown path", async (step) => {
    await auth.script({ startOidcLogin: refuses("not_found"), finishOidcLogin: refuses("not_found") });
    const [there, nowhere] = [
      await sendJson("POST", `/v1/auth/oidc/${step}`, BODY),
      await sendJson("POST", "/v1/auth/oidc/nowhere", BODY),
    ];
    const errorOf = async (response: Response) => {
      const { error }: OpenAiError = await response.json();
      return [response.status, error];
    };
    expect(await errorOf(there)).toEqual(await errorOf(nowhere));
  });
});

describe("a login of somebody with a second factor", () => {
  it("is answered with the challenge for it", async () => {
    await auth.script({ login: refuses("mfa_required", "a code", { challengeToken: "c" }) });
    const response = await sendJson("POST", "/v1/auth/login", BODY);
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { error: { code: "mfa_required" }, challenge_token: "c" },
    ]);
  });
});

describe("a change of what members may do", () => {
  const keys = { actor: MEMBER, revoked: ["k1"], paused: ["k2"], resumed: [] };
  const view = { id: "v", revision: 3 };
  it.each([
    ["PATCH", "/v1/members/m", "updateMember", { view, keys }, [MEMBER, "m", BODY, '"2"']],
    ["PATCH", "/v1/roles/r", "updateRole", { view, keys }, [MEMBER, "r", BODY, '"2"']],
    ["DELETE", "/v1/members/m", "removeMember", keys, [MEMBER, "m"]],
  ])("%s %s is told to the company's account before it is answered", async (verb, path, method, value, args) => {
    await auth.script({ authenticate: answers(memberPrincipal()), [method]: answers(value) });
    await billing.script({ changeKeyAccess: answers() });
    const change = () => sendJson(verb, path, BODY, { "if-match": '"2"' });
    const response = await change();
    expect(await argumentsOf(auth, method)).toEqual([anyContext, ...args]);
    expect(await argumentsOf(billing, "changeKeyAccess")).toEqual([anyContext, keys]);
    const isRemoval = verb === "DELETE";
    expect([response.status, await response.text()]).toEqual(isRemoval ? [204, ""] : [200, JSON.stringify(view)]);
    expect(response.headers.get("etag")).toBe(isRemoval ? null : '"3"');
    await billing.script({ changeKeyAccess: { fail: "down" } });
    expect(await refusal(await change())).toMatchObject({ status: 503 });
  });

  it("that auth refuses tells the account nothing", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), removeMember: refuses("not_found") });
    expect(await refusal(await send("/v1/members/m", { method: "DELETE", headers: TOKEN }))).toMatchObject({
      status: 404,
    });
    expect(await billing.calls()).toEqual([]);
  });
});

describe("a report of leaked keys", () => {
  const ended = [1, 2].map((n) => ({ actor: { ...MEMBER, companyId: `c${n}` }, keyId: `k${n}` }));
  const labels = [{ token_raw: "t", token_type: "y", label: "true_positive" }];
  const headers = { "github-public-key-identifier": "id", "github-public-key-signature": "sig" };

  it("goes to auth as the bytes that were signed, and every account hears of its key", async () => {
    await auth.script({ reportLeakedKeys: answers({ labels, ended }) });
    await billing.script({ revokeKey: answers() });
    const response = await sendJson("POST", "/v1/webhooks/github-secret-scanning", ' [ "x" ]', headers);
    expect([response.status, await response.json()]).toEqual([200, labels]);
    const report = { body: ' [ "x" ]', keyId: "id", signature: "sig" };
    expect(await argumentsOf(auth, "reportLeakedKeys")).toEqual([anyContext, report]);
    const told = (await billing.calls()).map(({ args }) => args.slice(1));
    expect(told).toEqual(ended.map(({ actor, keyId }) => [actor, keyId]));
  });

  it("is not answered well when an account was not reached, so that GitHub sends it again", async () => {
    await auth.script({ reportLeakedKeys: answers({ labels, ended }) });
    await billing.script({ revokeKey: { fail: "down" } });
    const response = await sendJson("POST", "/v1/webhooks/github-secret-scanning", "[]", headers);
    expect(await refusal(response)).toMatchObject({ status: 503 });
  });
});

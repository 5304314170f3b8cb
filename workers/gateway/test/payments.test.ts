import { beforeEach, describe, expect, it } from "vitest";
import { MEMBER, memberPrincipal } from "./support/builders.ts";
import { analytics, answers, argumentsOf, auth, billing, countOf, refuses } from "./support/doubles.ts";
import { refusal, send, sendJson } from "./support/http.ts";
import { anyContext } from "./support/matchers.ts";

beforeEach(async () => {
  await billing.script({});
  await analytics.script({});
  await auth.script({
    authenticate: answers(memberPrincipal()),
    referralOf: answers(null),
    adminGetCompany: answers({}),
  });
});

const BODY = { name: "x" };
const KEY = "key-1";
const QUERY = "?limit=5&cursor=abc";
const query = { limit: "5", cursor: "abc" };
const PAGE = { data: [{ id: "x" }], nextCursor: "next" };
const ADMIN = "/v1/admin/billing";

interface Case {
  readonly route: string;
  readonly method: string;
  /** What follows the context in the call. */
  readonly args: readonly unknown[];
  readonly status?: number;
  /** Sent with the Idempotency-Key; `null`: without a body. */
  readonly body?: unknown;
  readonly isPage?: true;
}

const CASES: readonly Case[] = [
  { route: `GET /v1/billing/plans${QUERY}`, method: "listPlans", args: [MEMBER, query], isPage: true },
  { route: "GET /v1/billing/subscription", method: "subscription", args: [MEMBER] },
  {
    route: "POST /v1/billing/subscription",
    method: "subscribe",
    args: [MEMBER, BODY, KEY],
    status: 201,
    body: BODY,
  },
  { route: "PATCH /v1/billing/subscription", method: "changeSubscription", args: [MEMBER, BODY, KEY], body: BODY },
  { route: "DELETE /v1/billing/subscription", method: "cancelSubscription", args: [MEMBER, KEY], body: null },
  { route: "POST /v1/billing/topups", method: "createTopup", args: [MEMBER, BODY, KEY], status: 201, body: BODY },
  { route: `GET /v1/billing/topups${QUERY}`, method: "listPayments", args: [MEMBER, query], isPage: true },
  { route: "GET /v1/billing/topups/p-1", method: "getPayment", args: [MEMBER, "p-1"] },
  { route: "GET /v1/billing/auto-topup", method: "autoTopup", args: [MEMBER] },
  { route: "PUT /v1/billing/auto-topup", method: "setAutoTopup", args: [MEMBER, BODY, KEY], body: BODY },
  { route: "GET /v1/billing/payment-methods", method: "listPaymentMethods", args: [MEMBER] },
  {
    route: "POST /v1/billing/payment-methods",
    method: "addPaymentMethod",
    args: [MEMBER, KEY],
    status: 201,
    body: null,
  },
  {
    route: "DELETE /v1/billing/payment-methods/pm_1",
    method: "removePaymentMethod",
    args: [MEMBER, "pm_1", KEY],
    status: 204,
    body: null,
  },
  { route: "POST /v1/billing/portal", method: "openPortal", args: [MEMBER, KEY], status: 201, body: null },
  { route: `GET /v1/billing/statements${QUERY}`, method: "listStatements", args: [MEMBER, query], isPage: true },
  { route: "GET /v1/billing/statements/2026-11", method: "getStatement", args: [MEMBER, "2026-11"] },
  { route: `GET /v1/referrals${QUERY}`, method: "referrals", args: [MEMBER, query], isPage: true },
  { route: `GET ${ADMIN}/plans${QUERY}`, method: "listAllPlans", args: [MEMBER, query], isPage: true },
  { route: `POST ${ADMIN}/plans`, method: "createPlan", args: [MEMBER, BODY, KEY], status: 201, body: BODY },
  { route: `GET ${ADMIN}/plans/pro`, method: "getPlan", args: [MEMBER, "pro"] },
  { route: `PATCH ${ADMIN}/plans/pro`, method: "updatePlan", args: [MEMBER, "pro", BODY, KEY], body: BODY },
  { route: `DELETE ${ADMIN}/plans/pro`, method: "archivePlan", args: [MEMBER, "pro", KEY], status: 204, body: null },
  {
    route: `POST ${ADMIN}/payments/p-1/refunds`,
    method: "refundPayment",
    args: [MEMBER, "p-1", BODY, KEY],
    status: 201,
    body: BODY,
  },
  { route: `PUT ${ADMIN}/fx-rates/eur`, method: "setFxRate", args: [MEMBER, "eur", BODY, KEY], body: BODY },
  {
    route: `GET ${ADMIN}/reconciliation/stripe${QUERY}`,
    method: "stripeFindings",
    args: [MEMBER, query],
    isPage: true,
  },
  {
    route: `POST ${ADMIN}/reconciliation/stripe`,
    method: "reconcileStripe",
    args: [MEMBER, BODY, KEY],
    body: BODY,
    isPage: true,
  },
  {
    route: `GET ${ADMIN}/reconciliation/providers${QUERY}`,
    method: "providerFindings",
    args: [MEMBER, query],
    isPage: true,
  },
  {
    route: `POST ${ADMIN}/reconciliation/providers`,
    method: "reconcileProviders",
    args: [MEMBER, BODY, KEY],
    body: BODY,
    isPage: true,
  },
  { route: "POST /v1/billing/budgets", method: "createBudget", args: [MEMBER, BODY, KEY], status: 201, body: BODY },
  { route: "PATCH /v1/billing/budgets/b-1", method: "updateBudget", args: [MEMBER, "b-1", BODY, KEY], body: BODY },
  {
    route: "DELETE /v1/billing/budgets/b-1",
    method: "deleteBudget",
    args: [MEMBER, "b-1", KEY],
    status: 204,
    body: null,
  },
  { route: "PUT /v1/billing/low-balance-alert", method: "setLowBalanceAlert", args: [MEMBER, BODY, KEY], body: BODY },
  { route: `PUT ${ADMIN}/prices`, method: "setMarkupOverride", args: [MEMBER, BODY, KEY], body: BODY },
  {
    route: `DELETE ${ADMIN}/prices?model=m`,
    method: "deleteMarkupOverride",
    args: [MEMBER, { model: "m" }, KEY],
    status: 204,
    body: null,
  },
  {
    route: `POST ${ADMIN}/companies/c-9/restore`,
    method: "restoreLedger",
    args: [MEMBER, "c-9", BODY, KEY],
    body: BODY,
  },
];

function sendCase({ route, body }: Case): Promise<Response> {
  const [method = "", path = ""] = route.split(" ");
  if (body === undefined) return send(path, { method, headers: { authorization: "Bearer token" } });
  const headers = { authorization: "Bearer token", "idempotency-key": KEY };
  return body === null ? send(path, { method, headers }) : sendJson(method, path, body, headers);
}

describe("the routes of payments", () => {
  it.each(CASES)("$route calls billing's $method as the caller and answers what it says", async (wanted) => {
    await billing.script({ [wanted.method]: answers(wanted.isPage === true ? PAGE : { id: "x" }) });
    const response = await sendCase(wanted);
    expect(response.status).toBe(wanted.status ?? 200);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const text = await response.text();
    const shown = wanted.isPage === true ? { data: PAGE.data, next_cursor: "next" } : { id: "x" };
    expect(text === "" ? null : JSON.parse(text)).toEqual(wanted.status === 204 ? null : shown);
    expect(await argumentsOf(billing, wanted.method)).toEqual([anyContext, ...wanted.args]);
  });

  const mutations = CASES.filter(({ args }) => args.includes(KEY));
  it.each(mutations)("$route: a replay is marked, a reuse and one in flight are 409", async (wanted) => {
    await billing.script({ [wanted.method]: { answer: { ok: true, value: { id: "x" }, replayed: true } } });
    const replay = await sendCase(wanted);
    expect([replay.status, replay.headers.get("idempotent-replayed")]).toEqual([wanted.status ?? 200, "true"]);
    await replay.body?.cancel();
    for (const code of ["idempotency_key_reused", "idempotency_in_progress"] as const) {
      await billing.script({ [wanted.method]: refuses(code, "no", { firstRequestId: "first" }) });
      const refused = await sendCase(wanted);
      expect(refused.headers.get("idempotent-replayed")).toBeNull();
      expect(await refused.clone().json()).toMatchObject({ first_request_id: "first" });
      expect(await refusal(refused)).toMatchObject({ status: 409, code });
    }
  });

  it.each(mutations)("$route: a malformed Idempotency-Key reaches nobody", async (wanted) => {
    const [method = "", path = ""] = wanted.route.split(" ");
    const response = await sendJson(method, path, BODY, { "idempotency-key": "x".repeat(256) });
    expect(await refusal(response)).toEqual({ status: 400, code: "invalid_request", param: "idempotency-key" });
    expect(await countOf(billing, wanted.method)).toBe(0);
  });

  const paying = CASES.filter(({ method }) => ["createTopup", "subscribe", "setAutoTopup"].includes(method));
  it.each(paying)("$route: billing hears first who brought the company; without that nothing moves", async (wanted) => {
    const attribution = { referee_company_id: MEMBER.companyId, referrer_company_id: "c-2" };
    await auth.script({ authenticate: answers(memberPrincipal()), referralOf: answers(attribution) });
    await billing.script({ attributeReferral: answers(), [wanted.method]: answers({ id: "x" }) });
    expect((await sendCase(wanted)).status).toBe(wanted.status ?? 200);
    expect((await billing.calls()).map(({ method }) => method)).toEqual(["attributeReferral", wanted.method]);
    expect(await argumentsOf(billing, "attributeReferral")).toEqual([anyContext, attribution]);
    await billing.script({ attributeReferral: { fail: "down" } });
    expect(await refusal(await sendCase(wanted))).toMatchObject({ status: 503 });
    expect(await countOf(billing, wanted.method)).toBe(0);
  });

  it("without Stripe a route of payments is as absent as any other", async () => {
    await billing.script({ createTopup: refuses("not_found") });
    const response = await sendJson("POST", "/v1/billing/topups", BODY);
    expect(await refusal(response)).toMatchObject({ status: 404, code: "not_found" });
  });

  it.each([
    ["csv", "text/csv; charset=utf-8"],
    ["html", "text/html; charset=utf-8"],
  ])("a statement as %s is a file to be saved, named by billing", async (format, type) => {
    const value = { content_type: type, file_name: `statement-2026-11.${format}`, body: "text" };
    await billing.script({ exportStatement: answers(value) });
    const response = await send(`/v1/billing/statements/2026-11?format=${format}`, {
      headers: { authorization: "Bearer token" },
    });
    expect(await response.text()).toBe("text");
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("content-disposition")).toBe(`attachment; filename="statement-2026-11.${format}"`);
    expect(await argumentsOf(billing, "exportStatement")).toEqual([anyContext, MEMBER, "2026-11", format]);
  });
});

describe("Stripe's webhook", () => {
  const RAW = '{ "id":"evt_1",  "livemode" : false, "text":"é €" }\n';
  const post = (body: BodyInit, headers: Record<string, string> = { "stripe-signature": "t=1,v1=ab" }) =>
    send("/v1/webhooks/stripe", { method: "POST", headers, body });

  it("needs no credential of ours; the exact text and the signature reach billing", async () => {
    await billing.script({ receiveStripeEvent: answers({ received: true, outcome: "accepted" }) });
    const response = await post(RAW);
    expect([response.status, await response.json()]).toEqual([200, { received: true, outcome: "accepted" }]);
    expect(await argumentsOf(billing, "receiveStripeEvent")).toEqual([anyContext, RAW, "t=1,v1=ab"]);
    expect(await countOf(auth, "authenticate")).toBe(0);
  });

  it("without a signature billing is told so; what it refuses is refused", async () => {
    await billing.script({ receiveStripeEvent: refuses("invalid_request", "no", { param: "stripe-signature" }) });
    expect(await refusal(await post(RAW, {}))).toMatchObject({ status: 400, param: "stripe-signature" });
    expect(await argumentsOf(billing, "receiveStripeEvent")).toEqual([anyContext, RAW, null]);
  });

  it("no secret: 404; billing away: 503, so that Stripe repeats", async () => {
    await billing.script({ receiveStripeEvent: refuses("not_found") });
    expect(await refusal(await post(RAW))).toMatchObject({ status: 404 });
    await billing.script({ receiveStripeEvent: { fail: "down" } });
    expect(await refusal(await post(RAW))).toMatchObject({ status: 503, code: "service_unavailable" });
  });

  it("over 1 MiB, or no text: refused before billing", async () => {
    expect(await refusal(await post("x".repeat(1_048_577)))).toMatchObject({ status: 413 });
    expect(await refusal(await post(new Uint8Array([0xff, 0xfe, 0x00])))).toMatchObject({ status: 400 });
    expect(await countOf(billing, "receiveStripeEvent")).toBe(0);
  });
});

describe("what an operator does about a company's money", () => {
  const about = `${ADMIN}/companies/no-such`;
  const named = { company_id: "no-such", day: "2026-11-23", markup_bps: 1 };

  it.each<[string, string, unknown]>([
    ["POST", `${about}/credits`, BODY],
    ["GET", `${about}/audit`, undefined],
    ["POST", `${about}/unfreeze`, BODY],
    ["POST", `${about}/restore`, BODY],
    ["POST", `${ADMIN}/reconciliation`, named],
    ["PUT", `${ADMIN}/prices`, named],
    ["POST", "/v1/admin/usage/companies/no-such/rebuild", BODY],
  ])("%s %s of a company that is not there is 404, and opens no account", async (verb, path, body) => {
    await auth.script({ authenticate: answers(memberPrincipal()), adminGetCompany: refuses("not_found") });
    const response =
      body === undefined
        ? await send(path, { method: verb, headers: { authorization: "Bearer token" } })
        : await sendJson(verb, path, body, { "idempotency-key": "k" });
    expect(await refusal(response)).toMatchObject({ status: 404, code: "not_found" });
    expect(await argumentsOf(auth, "adminGetCompany")).toEqual([anyContext, MEMBER, "no-such"]);
    expect([await billing.calls(), await analytics.calls()]).toEqual([[], []]);
  });

  it("that cannot be looked up is 503, and nothing is done", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), adminGetCompany: { fail: "down" } });
    expect(await refusal(await sendJson("POST", `${about}/credits`, BODY))).toMatchObject({ status: 503 });
    expect(await billing.calls()).toEqual([]);
  });
});

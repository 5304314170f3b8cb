import { beforeEach, describe, expect, it } from "vitest";
import { MEMBER, memberPrincipal } from "./support/builders.ts";
import { analytics, answers, argumentsOf, auth, billing, countOf, notifications, refuses } from "./support/doubles.ts";
import { refusal, send, sendJson } from "./support/http.ts";
import { anyContext } from "./support/matchers.ts";

const TOKEN = { authorization: "Bearer token" };
const DOUBLES = { analytics, notifications } as const;
const BODY = { url: "https://example.com" };

beforeEach(async () => {
  for (const double of Object.values(DOUBLES)) await double.script({});
  await auth.script({ authenticate: answers(memberPrincipal()) });
});

interface Case {
  readonly route: string;
  readonly to: keyof typeof DOUBLES;
  readonly method: string;
  /** What follows the context in the call. */
  readonly args: readonly unknown[];
  readonly status?: number;
  readonly body?: unknown;
}

const CASES: readonly Case[] = [
  { route: "GET /v1/usage?format=json", to: "analytics", method: "usage", args: [MEMBER, {}] },
  { route: "GET /v1/usage/summary?key=k", to: "analytics", method: "usageSummary", args: [MEMBER, { key: "k" }] },
  { route: "GET /v1/admin/usage?limit=5", to: "analytics", method: "adminUsage", args: [MEMBER, { limit: "5" }] },
  { route: "GET /v1/admin/usage/summary", to: "analytics", method: "adminUsageSummary", args: [MEMBER, {}] },
  { route: "GET /v1/admin/usage/providers", to: "analytics", method: "adminProviderLeague", args: [MEMBER, {}] },
  { route: "GET /v1/admin/dead-letters", to: "analytics", method: "adminDeadLetters", args: [MEMBER, {}] },
  {
    route: "POST /v1/admin/dead-letters/m1/replay",
    to: "analytics",
    method: "adminReplayDeadLetter",
    args: [MEMBER, "m1"],
  },
  { route: "GET /v1/admin/notices/dead-letters", to: "notifications", method: "adminDeadLetters", args: [MEMBER, {}] },
  {
    route: "POST /v1/admin/notices/dead-letters/m1/replay",
    to: "notifications",
    method: "adminReplayDeadLetter",
    args: [MEMBER, "m1"],
  },
  {
    route: "POST /v1/webhooks",
    to: "notifications",
    method: "createWebhook",
    args: [MEMBER, BODY],
    status: 201,
    body: BODY,
  },
  { route: "GET /v1/webhooks?limit=5", to: "notifications", method: "listWebhooks", args: [MEMBER, { limit: "5" }] },
  { route: "GET /v1/webhooks/w", to: "notifications", method: "getWebhook", args: [MEMBER, "w"] },
  {
    route: "PATCH /v1/webhooks/w",
    to: "notifications",
    method: "updateWebhook",
    args: [MEMBER, "w", BODY],
    body: BODY,
  },
  { route: "DELETE /v1/webhooks/w", to: "notifications", method: "deleteWebhook", args: [MEMBER, "w"], status: 204 },
  {
    route: "POST /v1/webhooks/w/rotate-secret",
    to: "notifications",
    method: "rotateWebhookSecret",
    args: [MEMBER, "w"],
  },
  { route: "POST /v1/webhooks/w/test", to: "notifications", method: "testWebhook", args: [MEMBER, "w"] },
  {
    route: "GET /v1/webhooks/w/deliveries?state=failed",
    to: "notifications",
    method: "listWebhookDeliveries",
    args: [MEMBER, "w", { state: "failed" }],
  },
  {
    route: "GET /v1/webhooks/w/deliveries/d",
    to: "notifications",
    method: "getWebhookDelivery",
    args: [MEMBER, "w", "d"],
  },
  {
    route: "POST /v1/webhooks/w/deliveries/d/replay",
    to: "notifications",
    method: "replayWebhookDelivery",
    args: [MEMBER, "w", "d"],
  },
  { route: "GET /v1/notifications/preferences", to: "notifications", method: "getPreferences", args: [MEMBER] },
  {
    route: "PATCH /v1/notifications/preferences",
    to: "notifications",
    method: "updatePreferences",
    args: [MEMBER, BODY],
    body: BODY,
  },
];

function request({ route, body }: Case, headers: Record<string, string> = TOKEN): Promise<Response> {
  const [method = "", path = ""] = route.split(" ");
  return body === undefined ? send(path, { method, headers }) : sendJson(method, path, body, headers);
}

describe("usage, webhooks and preferences", () => {
  it.each(CASES)("$route reaches $to.$method with the caller", async (one) => {
    await DOUBLES[one.to].script({ [one.method]: answers({ data: [], nextCursor: null }) });
    const response = await request(one);
    expect(response.status).toBe(one.status ?? 200);
    expect(await argumentsOf(DOUBLES[one.to], one.method)).toEqual([anyContext, ...one.args]);
  });

  it.each(CASES)("$route without a credential is refused and reaches nobody", async (one) => {
    expect(await refusal(await request(one, { authorization: "" }))).toMatchObject({ status: 401 });
    expect(await countOf(DOUBLES[one.to], one.method)).toBe(0);
  });

  it("CSV comes as a file, without its format in the query", async () => {
    await analytics.script({ usageCsv: answers("model,requests\r\n") });
    const response = await send("/v1/usage?format=csv&group_by=model", { headers: TOKEN });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="usage.csv"');
    expect(await response.text()).toBe("model,requests\r\n");
    expect(await argumentsOf(analytics, "usageCsv")).toEqual([anyContext, MEMBER, { group_by: "model" }]);
  });

  it("another format is refused naming the field", async () => {
    const response = await send("/v1/usage?format=xml", { headers: TOKEN });
    expect(await refusal(response)).toEqual({ status: 400, code: "invalid_request", param: "format" });
  });
});

describe("the development outbox", () => {
  it("shows e-mails without running what is in them", async () => {
    const email = { subject: "<b>Hi</b>", to: "a@example.com", html: '<p onclick="x">"hello"</p>', created_at: "now" };
    await notifications.script({ developmentOutbox: answers([email]) });
    const response = await send("/dev/outbox");
    const page = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page).toContain("&lt;b&gt;Hi&lt;/b&gt;");
    expect(page).toContain('sandbox="allow-popups"');
    expect(page).not.toContain("<p onclick");
  });

  it("gives them to tools as JSON", async () => {
    await notifications.script({ developmentOutbox: answers([{ subject: "Hi" }]) });
    const response = await send("/dev/outbox", { headers: { accept: "application/json" } });
    expect(await response.json()).toEqual({ data: [{ subject: "Hi" }] });
  });

  it("is not there where e-mails are sent", async () => {
    await notifications.script({ developmentOutbox: refuses("not_found") });
    expect(await refusal(await send("/dev/outbox"))).toMatchObject({ status: 404, code: "not_found" });
  });
});

describe("a rebuild of a company's usage", () => {
  beforeEach(async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), adminGetCompany: answers({ id: "company-7" }) });
  });
  const rebuild = () => send("/v1/admin/usage/companies/company-7/rebuild", { method: "POST", headers: TOKEN });

  it("forgets it, then has its account tell it again", async () => {
    await analytics.script({ adminForgetUsage: answers() });
    await billing.script({ adminRetellUsage: answers({ cells: 12 }) });
    const response = await rebuild();
    expect(await response.json()).toEqual({ cells: 12 });
    expect(await argumentsOf(analytics, "adminForgetUsage")).toEqual([anyContext, MEMBER, "company-7"]);
    expect(await argumentsOf(billing, "adminRetellUsage")).toEqual([anyContext, MEMBER, "company-7"]);
  });

  it("tells nothing again when it could not be forgotten", async () => {
    await analytics.script({ adminForgetUsage: refuses("permission_denied") });
    await billing.script({});
    expect(await refusal(await rebuild())).toMatchObject({ status: 403 });
    expect(await countOf(billing, "adminRetellUsage")).toBe(0);
  });
});

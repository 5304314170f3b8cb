import { beforeEach, describe, expect, it } from "vitest";
import { MEMBER, memberPrincipal } from "./support/builders.ts";
import {
  analytics,
  answers,
  argumentsOf,
  auth,
  billing,
  countOf,
  notifications,
  orchestrator,
  refuses,
} from "./support/doubles.ts";
import { refusal, send, sendJson } from "./support/http.ts";
import { anyContext } from "./support/matchers.ts";

const TOKEN = { authorization: "Bearer token" };
const BODY = { name: "x" };
const COMPANY = { id: "c", name: "Example", revision: 4 };

beforeEach(async () => {
  await billing.script({});
  await notifications.script({});
});

interface Case {
  readonly route: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly body?: unknown;
}

const CASES: readonly Case[] = [
  { route: "GET /v1/company", method: "company", args: [MEMBER] },
  { route: "PATCH /v1/company", method: "updateCompany", args: [MEMBER, BODY, null], body: BODY },
  { route: "POST /v1/auth/switch-company", method: "switchCompany", args: [MEMBER, "token", BODY], body: BODY },
  { route: "GET /v1/admin/companies/c", method: "adminGetCompany", args: [MEMBER, "c"] },
];

describe("a route of the company", () => {
  it.each(CASES)("$route is carried out by auth.$method", async ({ route, method, args, body }) => {
    const [verb = "", path = ""] = route.split(" ");
    await auth.script({ authenticate: answers(memberPrincipal()), [method]: answers(COMPANY) });
    const response =
      body === undefined ? await send(path, { method: verb, headers: TOKEN }) : await sendJson(verb, path, body);
    expect([response.status, await response.json()]).toEqual([200, COMPANY]);
    expect(await argumentsOf(auth, method)).toEqual([anyContext, ...args]);
    expect(response.headers.get("etag")).toBe('"4"');
  });

  it.each([
    ["/v1/audit-log?action=api_key&limit=2", "listAuditLog", { action: "api_key", limit: "2" }],
    ["/v1/admin/companies?q=50%25", "adminListCompanies", { q: "50%" }],
  ])("GET %s is a page of auth.%s", async (path, method, query) => {
    await auth.script({
      authenticate: answers(memberPrincipal()),
      [method]: answers({ data: [{ id: "i" }], nextCursor: "n" }),
    });
    const response = await send(path, { headers: TOKEN });
    expect(await response.json()).toEqual({ data: [{ id: "i" }], next_cursor: "n" });
    expect(await argumentsOf(auth, method)).toEqual([anyContext, MEMBER, query]);
  });

  it.each([
    ["closeCompany", "/v1/company/close", "suspendAccount", MEMBER.companyId, 204],
    ["adminSuspendCompany", "/v1/admin/companies/c", "suspendAccount", "c", 200],
    ["adminReactivateCompany", "/v1/admin/companies/c", "resumeAccount", "c", 200],
    ["adminEraseCompany", "/v1/admin/companies/c", "eraseAccount", "c", 200],
  ])("auth.%s (POST %s) is told to the company's account by %s", async (method, base, told, companyId, status) => {
    const verbs = {
      adminSuspendCompany: "/suspend",
      adminReactivateCompany: "/reactivate",
      adminEraseCompany: "/erase",
    };
    const verb = new Map(Object.entries(verbs)).get(method);
    const change = () => sendJson("POST", `${base}${verb ?? ""}`, BODY);
    await auth.script({ authenticate: answers(memberPrincipal()), [method]: answers(COMPANY) });
    await billing.script({ [told]: answers() });
    await analytics.script({ eraseContent: answers() });
    expect((await change()).status).toBe(status);
    expect(await argumentsOf(billing, told)).toEqual([anyContext, MEMBER, companyId]);
    await billing.script({ [told]: refuses("service_unavailable") });
    expect(await refusal(await change())).toMatchObject({ status: 503 });
    await auth.script({ authenticate: answers(memberPrincipal()), [method]: refuses("invalid_credentials") });
    await billing.script({});
    expect(await refusal(await change())).toMatchObject({ status: 401 });
    expect(await countOf(billing, told)).toBe(0);
  });

  it("erasing a company also deletes the prompts and answers that it had stored", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), adminEraseCompany: answers(COMPANY) });
    await billing.script({ eraseAccount: answers() });
    await analytics.script({ eraseContent: answers() });
    const erase = () => sendJson("POST", "/v1/admin/companies/c/erase", BODY);
    expect((await erase()).status).toBe(200);
    expect(await argumentsOf(analytics, "eraseContent")).toEqual([anyContext, MEMBER, "c"]);
    await analytics.script({ eraseContent: refuses("service_unavailable") });
    expect(await refusal(await erase())).toMatchObject({ status: 503 });
  });
});

describe("the audit log as a file", () => {
  const entry = (id: string, after: object | null) => ({
    id,
    at: "2026-11-25T00:00:00.000Z",
    action: "role.created",
    target_id: "=1+1",
    actor: { kind: "member", member_id: "m", key_id: null, ip: null },
    request_id: "r",
    before: null,
    after,
  });
  const entries = [entry("a", { name: 'x,"y"' }), entry("b", null)];

  it("is one JSON object a line", async () => {
    await auth.script({
      authenticate: answers(memberPrincipal()),
      exportAuditLog: answers({ data: entries, nextCursor: null }),
    });
    const response = await send("/v1/audit-log/export?action=role", { headers: TOKEN });
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="audit-log.ndjson"');
    expect(await response.text()).toBe(entries.map((one) => `${JSON.stringify(one)}\n`).join(""));
    expect(await argumentsOf(auth, "exportAuditLog")).toEqual([anyContext, MEMBER, { action: "role" }]);
  });

  it("case 51: is CSV that no spreadsheet computes", async () => {
    await auth.script({
      authenticate: answers(memberPrincipal()),
      exportAuditLog: answers({ data: entries, nextCursor: null }),
    });
    const response = await send("/v1/audit-log/export?format=csv", { headers: TOKEN });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = (await response.text()).split("\r\n");
    expect(lines[0]).toBe("id,at,action,target_id,actor_kind,member_id,key_id,ip,request_id,before,after");
    expect(lines[1]).toContain(`role.created,'=1+1,member,m,,,r,,"{""name"":`);
  });

  it("is refused before it begins, with its status", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), exportAuditLog: refuses("permission_denied") });
    expect(await refusal(await send("/v1/audit-log/export", { headers: TOKEN }))).toMatchObject({ status: 403 });
    expect(await refusal(await send("/v1/audit-log/export?format=xml", { headers: TOKEN }))).toMatchObject({
      status: 400,
      param: "format",
    });
  });
});

describe("the export of a company", () => {
  const EXPORTED = { ...COMPANY, created_at: new Date().toISOString() };
  const page = (id: string) => answers({ data: [{ id }], nextCursor: null });
  const allOfAuth = {
    authenticate: answers(memberPrincipal()),
    startExport: answers(EXPORTED),
    listMembers: page("member"),
    listRoles: page("role"),
    listInvitations: page("invitation"),
    listApiKeys: page("key"),
    listAuditLog: page("entry"),
  };
  const allOfBilling = {
    balance: answers({ posted_nano_usd: 1 }),
    subscription: answers({}),
    lowBalanceAlert: answers({}),
    autoTopup: answers({}),
    listBudgets: page("budget"),
    listPayments: page("payment"),
    listStatements: page("statement"),
    referrals: page("referral"),
    transactions: page("transaction"),
    listRequests: page("request"),
    listPaymentMethods: answers({ data: [{ id: "pm", brand: "visa", last4: "4242" }] }),
  };
  const allOfNotifications = {
    getPreferences: answers({}),
    listWebhooks: page("webhook"),
    listWebhookDeliveries: page("delivery"),
  };
  const scriptAll = async () => {
    await auth.script(allOfAuth);
    await billing.script(allOfBilling);
    await notifications.script(allOfNotifications);
    await orchestrator.script({
      getProviderPreferences: answers({ sort: "price" }),
      listProviderCredentials: page("credential"),
    });
    await analytics.script({ contentPolicy: answers({}), usage: page("day") });
  };
  const read = async () => {
    const text = await (await send("/v1/company/export", { headers: TOKEN })).text();
    return text
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text) as { section: string; data: unknown });
  };

  it("has every section, and says that it is complete", async () => {
    await scriptAll();
    const lines = await read();
    expect(lines[0]).toEqual({ section: "company", data: EXPORTED });
    expect(lines.map(({ section }) => section)).toEqual(
      "company balance subscription low_balance_alert auto_topup notification_preferences provider_preferences content_policy members roles invitations api_keys audit_log budgets payments statements referrals payment_methods provider_credentials webhooks webhook_deliveries usage transactions requests end".split(
        " ",
      ),
    );
    expect(lines.at(-1)?.data).toEqual({ is_complete: true, missing: [] });
    expect((await argumentsOf(notifications, "listWebhookDeliveries"))[2]).toBe("webhook");
  });

  it("has the usage of every day since the company began, a year at a time", async () => {
    await scriptAll();
    await auth.script({ ...allOfAuth, startExport: answers({ ...COMPANY, created_at: "2024-01-10T12:00:00Z" }) });
    await read();
    const asked = (await analytics.calls()).filter(({ method }) => method === "usage");
    const ranges = asked.map(({ args }) => args[2] as { readonly from: string; readonly to: string });
    expect(ranges.length).toBeGreaterThanOrEqual(2);
    expect(ranges[0]).toMatchObject({ from: "2024-01-09", to: "2025-01-07", group_by: "day,model,key" });
    expect(ranges.slice(1).map(({ from }) => from)).toEqual(ranges.slice(0, -1).map(({ to }) => to));
    expect(Date.parse(ranges.at(-1)?.to ?? "")).toBeGreaterThan(Date.now() - 86_400_000);
  });

  it("is complete where no payments are taken", async () => {
    await scriptAll();
    const none = { autoTopup: refuses("not_found"), listPayments: refuses("not_found") };
    await billing.script({ ...allOfBilling, ...none, listPaymentMethods: refuses("not_found") });
    const lines = await read();
    const ofPayments = new Set(["auto_topup", "payments", "payment_methods"]);
    expect(lines.filter(({ section }) => ofPayments.has(section))).toEqual([]);
    expect(lines.at(-1)?.data).toEqual({ is_complete: true, missing: [] });
  });

  it("says what is missing when a Worker does not answer", async () => {
    await scriptAll();
    await billing.script({ ...allOfBilling, transactions: { fail: "down" } });
    await notifications.script({ ...allOfNotifications, getPreferences: refuses("permission_denied") });
    expect((await read()).at(-1)?.data).toEqual({
      is_complete: false,
      missing: [
        { section: "notification_preferences", code: "permission_denied" },
        { section: "transactions", code: "service_unavailable" },
      ],
    });
  });

  it("is refused to who may not take it", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()), startExport: refuses("permission_denied") });
    expect(await refusal(await send("/v1/company/export", { headers: TOKEN }))).toMatchObject({ status: 403 });
  });
});

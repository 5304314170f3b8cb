import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { linkMailedTo } from "../browser/support/mail.ts";
import { totpOf } from "../browser/support/totp.ts";
import { operationsOf, type Document } from "./walk/document.ts";
import { PASSWORD, Platform, textAt, valueAt, type Answer, type Tenant } from "./walk/platform.ts";

/**
 * Every operation of /openapi.json that changes something leaves an entry in the audit log: what happened, by
 * whom, from where, and no secret. A new operation of auth's fails here until it is done below; one of another
 * Worker fails in workers/gateway/test/audit.test.ts until it has an `x-audit-action`, and some are done here.
 */

/** Operations of auth, or of nobody, that need no entry, or whose entry is proved elsewhere; each says why. */
const EXEMPT: Readonly<Record<string, string>> = {
  "POST /v1/auth/refresh":
    "goes on with a session whose start is entered; its misuse is: workers/auth/test/sessions.test.ts",
  "POST /v1/auth/oidc/start": "changes nothing of anybody's: nobody is known yet",
  "POST /v1/auth/oidc/callback": "needs an issuer: workers/auth/test/oidc.test.ts",
  "DELETE /v1/auth/oidc/identities/{id}": "needs an issuer: workers/auth/test/oidc.test.ts",
  "POST /v1/admin/companies/{id}/erase": "takes the log along: workers/auth/test/companies.test.ts",
  "POST /v1/webhooks/github-secret-scanning": "needs GitHub's signature: workers/auth/test/leaked-keys.test.ts",
  "POST /v1/webhooks/stripe": "what it brings is in the ledger",
  "POST /v1/admin/billing/rerate": "only computes",
  "POST /v1/admin/routing/explain": "only computes",
};

interface Entry {
  readonly action: string;
  readonly request_id: string;
  readonly actor: { readonly kind: string; readonly member_id: string | null; readonly key_id: string | null };
}
interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly ids?: Readonly<Record<string, string>>;
  /** Whose log it belongs in. */
  readonly log?: string;
}

let platform: Platform;
let officer: Tenant;
/** By operation: the request, and a session that reads the log. */
const done = new Map<string, { readonly requestId: string; log: string }>();
/** Whatever must not be in a log. */
const secrets = new Set<string>([PASSWORD]);

beforeAll(async () => {
  platform = await Platform.fromFile();
  officer = await platform.newTenant("officer");
});

/** Calls an operation, which must do what it says, and remembers it. */
async function did(name: string, { token = officer.token, body, ids = {}, log = officer.token }: Call = {}) {
  const [method = "", described = ""] = name.split(" ");
  const path = described.replaceAll(/\{(\w+)\}/g, (_, id: string) => encodeURIComponent(ids[id] ?? ids["id"] ?? ""));
  const answer: Answer =
    body === undefined
      ? await platform.send(method, path, { headers: token === "" ? {} : { authorization: `Bearer ${token}` } })
      : await platform.sendJson(method, path, body, token === "" ? null : token);
  expect([name, answer.status, answer.status < 300 ? null : answer.body]).toEqual([name, answer.status, null]);
  done.set(name, { requestId: answer.headers.get("x-request-id") ?? "", log });
  for (const field of ["access_token", "refresh_token", "key", "secret"]) {
    const secret = valueAt(answer.body, field);
    if (typeof secret === "string") secrets.add(secret);
  }
  return answer.body;
}

async function logIn(email: string, password = PASSWORD): Promise<string> {
  const session = await platform.sendJson("POST", "/v1/auth/login", { email, password });
  return textAt(session.body, "access_token");
}

async function tokenMailedTo(email: string, kind: string): Promise<string> {
  const link = await linkMailedTo(platform, email, kind);
  const token = link.split("#token=")[1] ?? "";
  secrets.add(token);
  return token;
}

async function entriesOf(token: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let cursor = ""; ;) {
    const query = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const headers = { authorization: `Bearer ${token}` };
    const page = await platform.send("GET", `/v1/audit-log?limit=100${query}`, { headers });
    expect(page.status).toBe(200);
    entries.push(...(valueAt(page.body, "data") as readonly Entry[]));
    const next = valueAt(page.body, "next_cursor");
    if (typeof next !== "string") return entries;
    cursor = next;
  }
}

describe("the audit log has", () => {
  it("what is done to keys, roles, members and the company", async () => {
    const key = await did("POST /v1/api-keys", { body: { name: "k" } });
    const id = textAt(key, "id");
    await did("PATCH /v1/api-keys/{id}", { ids: { id }, body: { name: "renamed" } });
    await did("POST /v1/api-keys/{id}/rotate", { ids: { id }, body: {} });
    await did("DELETE /v1/api-keys/{id}", { ids: { id } });
    const role = {
      id: textAt(await did("POST /v1/roles", { body: { name: "R", permissions: ["usage:read"] } }), "id"),
    };
    await did("PATCH /v1/roles/{id}", { ids: role, body: { name: "S" } });
    await did("DELETE /v1/roles/{id}", { ids: role });
    const invite = async () => {
      const email = `invited-${randomUUID()}@example.com`;
      const made = await did("POST /v1/invitations", { body: { email, role: "viewer" } });
      return { email, id: textAt(made, "id") };
    };
    await did("DELETE /v1/invitations/{id}", { ids: { id: (await invite()).id } });
    const { email } = await invite();
    const token = await tokenMailedTo(email, "invitation");
    const joined = await did("POST /v1/invitations/accept", { token: "", body: { token, password: PASSWORD } });
    const me = await platform.send("GET", "/v1/me", {
      headers: { authorization: `Bearer ${textAt(joined, "access_token")}` },
    });
    const member = { id: textAt(me.body, "member", "id") };
    await did("PATCH /v1/members/{id}", { ids: member, body: { role: "developer" } });
    await did("DELETE /v1/members/{id}", { ids: member });
    await did("PATCH /v1/company", { body: { name: "Renamed" } });
    expect([...done.keys()]).toContain("PATCH /v1/company");
  });

  it("what a person does to its sessions, its password and its second factor", async () => {
    const { email } = officer;
    const body = { email, password: PASSWORD };
    const session = await did("POST /v1/auth/login", { token: "", body });
    await did("POST /v1/auth/logout", { token: textAt(session, "access_token") });
    const proof = await tokenMailedTo(email, "email_verification");
    await did("POST /v1/auth/verify-email", { token: "", body: { token: proof } });
    await logIn(email);
    const headers = { authorization: `Bearer ${officer.token}` };
    const sessions = await platform.send("GET", "/v1/auth/sessions", { headers });
    const others = (valueAt(sessions.body, "data") as readonly { id: string; is_current: boolean }[]).filter(
      ({ is_current: isCurrent }) => !isCurrent,
    );
    await did("DELETE /v1/auth/sessions/{id}", { ids: { id: others[0]?.id ?? "" } });
    await logIn(email);
    await did("DELETE /v1/auth/sessions");
    const own = await platform.sendJson(
      "POST",
      "/v1/auth/switch-company",
      { company_id: officer.companyId },
      officer.token,
    );
    expect(own.status).toBe(200);
    await did("POST /v1/auth/switch-company", { body: { company_id: officer.companyId } });

    const offered = await did("POST /v1/auth/mfa/enrol", { body: { password: PASSWORD } });
    const secret = textAt(offered, "secret");
    const codes = await did("POST /v1/auth/mfa/confirm", { body: { code: totpOf(secret) } });
    const recovery = valueAt(codes, "recovery_codes") as readonly string[];
    const challenge = await platform.sendJson("POST", "/v1/auth/login", body);
    const token = textAt(challenge.body, "challenge_token");
    await did("POST /v1/auth/mfa/verify", { token: "", body: { challenge_token: token, code: recovery[0] } });
    const renewed = await did("POST /v1/auth/mfa/recovery-codes", { body: { code: recovery[1] } });
    const [left = ""] = valueAt(renewed, "recovery_codes") as readonly string[];
    await did("POST /v1/auth/mfa/disable", { body: { code: left } });
    for (const code of [...recovery, left, token]) secrets.add(code);

    const changed = `${PASSWORD} changed`;
    await did("POST /v1/auth/password/change", { body: { current_password: PASSWORD, new_password: changed } });
    await did("POST /v1/auth/password/forgot", { token: "", body: { email } });
    const reset = await tokenMailedTo(email, "password_reset");
    await did("POST /v1/auth/password/reset", { token: "", body: { token: reset, new_password: PASSWORD } });
    officer = { ...officer, token: await logIn(email) };
    for (const [name, { requestId }] of done) done.set(name, { requestId, log: officer.token });
  });

  it("what is done to a company as a whole, by itself and by an operator", async () => {
    const email = `whole-${randomUUID()}@example.com`;
    const input = { name: "whole", email, password: PASSWORD };
    const registered = await did("POST /v1/auth/register", { token: "", body: input });
    const ids = { id: textAt(registered, "company", "id") };
    const session = textAt(registered, "access_token");
    await did("POST /v1/auth/verify-email/resend", { token: session });
    const { email: adminEmail, password } = platform.credentials.admin;
    const admin = await logIn(adminEmail, password);
    const body = { reason: "a test" };
    await did("POST /v1/admin/companies/{id}/suspend", { token: admin, ids, body });
    await did("POST /v1/admin/companies/{id}/reactivate", { token: admin, ids, body });
    await did("POST /v1/admin/billing/companies/{id}/credits", {
      token: admin,
      ids,
      body: { amount_nano_usd: 1, ...body },
    });
    await did("POST /v1/company/close", { token: session, body: { password: PASSWORD } });
    await platform.sendJson("POST", `/v1/admin/companies/${ids.id}/reactivate`, body, admin);
    expect([...done.keys()]).toContain("POST /v1/company/close");
    const log = await logIn(email);
    for (const name of [...done.keys()].slice(-6)) done.set(name, { requestId: done.get(name)?.requestId ?? "", log });
  });

  it("what other Workers are asked to change", async () => {
    await did("PUT /v1/provider-preferences", { body: { sort: "price" } });
    await did("PUT /v1/content-policy", { body: { is_enabled: true, retention_days: 2 } });
    await did("PUT /v1/billing/low-balance-alert", { body: { thresholds_nano_usd: [5] } });
    await did("PATCH /v1/notifications/preferences", { body: { low_balance: { email: true } } });
    const budget = await did("POST /v1/billing/budgets", {
      body: { scope: "company", period: "day", amount_nano_usd: 1e12 },
    });
    await did("DELETE /v1/billing/budgets/{id}", { ids: { id: textAt(budget, "id") } });
    const hook = await did("POST /v1/webhooks", { body: { url: "http://127.0.0.1:9/", events: ["low_balance"] } });
    const ids = { id: textAt(hook, "id") };
    await did("POST /v1/webhooks/{id}/rotate-secret", { ids });
    await did("DELETE /v1/webhooks/{id}", { ids });
    const entries = await entriesOf(officer.token);
    const of = (action: string) => entries.find((entry) => entry.action === action);
    expect(of("provider_preferences.updated")).toMatchObject({ before: { sort: null }, after: { sort: "price" } });
    expect(of("content_policy.updated")).toMatchObject({ before: { is_enabled: false }, after: { is_enabled: true } });
    expect(of("webhook.deleted")).toMatchObject({ target_id: ids.id, after: null });
  });

  it("every operation that changes something, by whom, and no secret", async () => {
    const document = await platform.send("GET", "/openapi.json");
    const changes = operationsOf(document.body as Document).filter(
      ({ method, inference }) => method !== "GET" && !inference,
    );
    expect(changes.length).toBeGreaterThan(70);
    const missing = changes.filter(
      ({ name, auditAction }) => auditAction === null && !done.has(name) && !(name in EXEMPT),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
    const names = new Set(changes.map(({ name }) => name));
    expect(Object.keys(EXEMPT).filter((name) => !names.has(name) || done.has(name))).toEqual([]);

    const logs = new Map<string, readonly Entry[]>();
    for (const { log } of done.values()) if (!logs.has(log)) logs.set(log, await entriesOf(log));
    for (const [name, { requestId, log }] of done) {
      const entry = logs.get(log)?.find(({ request_id: id }) => id === requestId);
      const { kind, member_id: memberId } = entry?.actor ?? {};
      const isKnown = kind === "operator" ? memberId === null : kind === "member" && typeof memberId === "string";
      expect([name, isKnown, entry?.action ?? "no entry"]).toEqual([name, true, expect.stringMatching(/\w\.\w/)]);
    }
    const text = JSON.stringify([...logs.values()]);
    expect(secrets.size).toBeGreaterThan(20);
    expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
  });
});

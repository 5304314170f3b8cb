import { beforeAll, beforeEach, describe, expect, it } from "vitest";
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

/**
 * Every operation of /openapi.json that changes something is in the audit log: auth's own operations enter
 * themselves (tests/e2e/audit.test.ts), the others are begun and ended in auth around their call. Nothing
 * here names a route that it tests, only the exceptions.
 */

/** What asks by POST because its question is long. */
const READS = new Set(["POST /v1/admin/billing/rerate", "POST /v1/admin/routing/explain"]);
/** The payment provider speaks, not a person; what it brings is in the ledger. */
const NO_ACTOR = new Set(["POST /v1/webhooks/stripe"]);
/** What other Workers are told of a change that is auth's. */
const FOLLOWS = new Set([
  "revokeKey",
  "changeKeyAccess",
  "suspendAccount",
  "resumeAccount",
  "eraseAccount",
  "eraseContent",
  "attributeReferral",
]);

const OTHERS = { billing, orchestrator, analytics, notifications } as const;

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly action: string | undefined;
}
interface RawOperation {
  readonly tags?: readonly string[];
  readonly "x-audit-action"?: string;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
}

let routes: readonly Route[];

beforeAll(async () => {
  const document: Document = await (await send("/openapi.json")).json();
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { tags }]) => method !== "get" && tags?.includes("Inference") !== true)
      .map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replaceAll(/\{(\w+)\}/g, "the-$1"),
        action: operation["x-audit-action"],
      })),
  );
});

beforeEach(() => script({}));

/** Every Worker answers anything with an object that has an id; auth as `scripts` says. */
async function script(scripts: Parameters<typeof auth.script>[0]): Promise<void> {
  const anything = { "*": answers({ id: "made" }) };
  await auth.script({ authenticate: answers(memberPrincipal()), ...anything, ...scripts });
  for (const other of Object.values(OTHERS)) await other.script(anything);
}

async function calledOutsideAuth(): Promise<readonly string[]> {
  const calls = await Promise.all(Object.values(OTHERS).map((other) => other.calls()));
  return calls.flat().map(({ method }) => method);
}

describe("an operation that changes something", () => {
  it("in another Worker than auth has an action of its own, and is not begun when the log cannot have it", async () => {
    expect(routes.length).toBeGreaterThan(60);
    const unaudited: string[] = [];
    const begun: string[] = [];
    for (const { name, method, path, action } of routes) {
      if (READS.has(name) || NO_ACTOR.has(name)) continue;
      await script({ beginChange: refuses("service_unavailable") });
      const { status } = await sendJson(method, path, { company_id: "c" });
      const changed = (await calledOutsideAuth()).filter((called) => !FOLLOWS.has(called));
      if (changed.length > 0) unaudited.push(`${name} called ${changed.join()}`);
      if (action !== undefined && status !== 503) begun.push(`${name} answered ${status}`);
    }
    expect(unaudited).toEqual([]);
    expect(begun).toEqual([]);
    const actions = routes.flatMap(({ action }) => action ?? []);
    expect(actions.filter((action) => !/^[a-z_]+\.[a-z_]+$/.test(action))).toEqual([]);
  });

  it("is entered with who did it and what it was, once it is done", async () => {
    const audited = routes.filter(({ action }) => action !== undefined);
    expect(audited.length).toBeGreaterThan(40);
    for (const { name, method, path, action } of audited) {
      await script({});
      const { status } = await sendJson(method, path, { company_id: "c" });
      expect([name, status < 300]).toEqual([name, true]);
      const [, actor, intent] = await argumentsOf(auth, "beginChange");
      expect([name, actor]).toEqual([name, MEMBER]);
      expect(intent).toMatchObject({ action, isOperators: path.startsWith("/v1/admin/") });
      const [, id, outcome] = await argumentsOf(auth, "endChange");
      expect([name, id]).toEqual([name, "a-change"]);
      expect(outcome).toMatchObject({ before: null, after: null });
    }
  });
});

describe("a change", () => {
  const set = () => sendJson("PUT", "/v1/provider-preferences", {});
  const outcome = async () => (await argumentsOf(auth, "endChange"))[2];

  it("is entered with what its Worker told of it, under the id of what was made", async () => {
    const change = { before: { sort: null }, after: { sort: "price" } };
    await orchestrator.script({ setProviderPreferences: { answer: { ok: true, value: {}, change } } });
    expect((await set()).status).toBe(200);
    expect(await outcome()).toEqual(change);
    await script({});
    expect((await sendJson("POST", "/v1/webhooks", {})).status).toBe(201);
    expect(await outcome()).toEqual({ before: null, after: null, targetId: "made" });
  });

  it("of a company by an operator belongs in that company's log", async () => {
    await sendJson("POST", "/v1/admin/billing/companies/their-id/credits", {});
    const [, , intent] = await argumentsOf(auth, "beginChange");
    expect(intent).toEqual({
      action: "credit.granted",
      targetId: "their-id",
      companyId: "their-id",
      isOperators: true,
    });
  });

  it.each([
    ["was refused", refuses("invalid_request")],
    ["changed nothing", { answer: { ok: true, value: {}, change: null } }],
    ["was the answer to a repeat", { answer: { ok: true, value: {}, replayed: true } }],
    ["failed elsewhere", refuses("upstream_error")],
  ])("that %s is not entered", async (_, answer) => {
    await orchestrator.script({ setProviderPreferences: answer });
    await set();
    expect(await outcome()).toBeNull();
  });

  it.each([
    ["died", { fail: "down" }],
    ["took too long", { hang: true }],
  ])("whose Worker %s stays begun, for auth to enter as unknown", async (_, answer) => {
    await orchestrator.script({ setProviderPreferences: answer });
    expect((await set()).status).toBe(503);
    expect([await countOf(auth, "beginChange"), await countOf(auth, "endChange")]).toEqual([1, 0]);
  });

  it("is answered as done though its end could not be told", async () => {
    await script({ endChange: { fail: "down" } });
    expect((await set()).status).toBe(200);
  });

  it("is not begun for one who is not known", async () => {
    await script({ authenticate: refuses("invalid_token") });
    expect(await refusal(await set())).toMatchObject({ status: 401 });
    expect(await countOf(auth, "beginChange")).toBe(0);
  });
});

import type { Actor } from "@aggregator/contracts/actor";
import { contentName, policyName } from "@aggregator/runtime/content-names";
import { createLogger } from "@aggregator/runtime/log";
import { createExecutionContext, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { DAY_MS } from "../src/domain/calendar.ts";
import { contentBoxOf } from "../src/env.ts";
import AnalyticsWorker from "../src/index.ts";
import { eraseContent } from "../src/operations/erase-content.ts";
import { getContentPolicy } from "../src/operations/get-content-policy.ts";
import { getRequestContent } from "../src/operations/get-request-content.ts";
import { setContentPolicy } from "../src/operations/set-content-policy.ts";
import { sweepContent } from "../src/operations/sweep-content.ts";
import { actorOf, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";

const db = openDatabase(env.DB);
const log = createLogger({ worker: "test", level: "error" });
const CANARY = "the canary sings at midnight";
const NOT_FOUND = { ok: false, error: { code: "not_found" } };

beforeEach(async () => {
  await clearDatabase();
  const { objects } = await env.CONTENT.list();
  await env.CONTENT.delete(objects.map(({ key }) => key));
});

function member(companyId = "company-1"): Actor {
  return actorOf(companyId, { permissions: ["company:read", "company:update", "requests:read"] });
}

/** An id that the gateway would have made at that time. */
function idAt(ms: number, last = 1): string {
  const hex = ms.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(last).padStart(12, "0")}`;
}

/** Stores content as a proxy does. */
async function keep(companyId: string, requestId: string): Promise<string> {
  const name = contentName(companyId, requestId);
  const content = { request: CANARY, response: `${CANARY}, indeed`, is_truncated: false, stored_at_ms: T0_MS };
  const box = await contentBoxOf(env);
  await env.CONTENT.put(name, await box.seal(companyId, name, JSON.stringify(content)));
  return name;
}

async function read(actor: Actor, requestId: string, nowMs = T0_MS) {
  return getRequestContent({ db, bucket: env.CONTENT, box: await contentBoxOf(env) }, actor, requestId, nowMs);
}

async function enable(companyId: string, retentionDays = 7, nowMs = T0_MS): Promise<void> {
  const policy = { is_enabled: true, retention_days: retentionDays };
  expect(await setContentPolicy(db, env.CONTENT, member(companyId), policy, nowMs)).toMatchObject({ ok: true });
}

async function names(): Promise<string[]> {
  return (await env.CONTENT.list({ prefix: "content/" })).objects.map(({ key }) => key);
}

describe("the content policy", () => {
  it("is off until a company says otherwise", async () => {
    expect(await getContentPolicy(db, member())).toEqual({
      ok: true,
      value: { is_enabled: false, retention_days: 30, changed_at: null },
    });
  });

  it("is kept, shown, and told to the proxies, for its own company alone", async () => {
    await enable("company-1");
    expect(await getContentPolicy(db, member())).toMatchObject({ value: { is_enabled: true, retention_days: 7 } });
    expect(await getContentPolicy(db, member("company-2"))).toMatchObject({ value: { is_enabled: false } });
    const told = await env.CONTENT.get(policyName("company-1"));
    expect(await told?.json()).toEqual({ is_enabled: true, retention_days: 7 });
    expect(await env.CONTENT.get(policyName("company-2"))).toBeNull();
  });

  it.each([
    [{ is_enabled: true }, "retention_days"],
    [{ is_enabled: "yes", retention_days: 7 }, "is_enabled"],
    [{ is_enabled: true, retention_days: 0 }, "retention_days"],
    [{ is_enabled: true, retention_days: 366 }, "retention_days"],
    [{ is_enabled: true, retention_days: 1.5 }, "retention_days"],
    [{ is_enabled: true, retention_days: 7, company_id: "company-2" }, "company_id"],
  ])("refuses %o naming the field", async (input, param) => {
    const answer = await setContentPolicy(db, env.CONTENT, member(), input, T0_MS);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
  });

  it("is changed only with company:update, read with company:read, and content with requests:read", async () => {
    const actor = actorOf("company-1", { permissions: ["usage:read"] });
    const denied = { ok: false, error: { code: "permission_denied" } };
    const policy = { is_enabled: true, retention_days: 7 };
    expect(await setContentPolicy(db, env.CONTENT, actor, policy, T0_MS)).toMatchObject(denied);
    expect(await getContentPolicy(db, actor)).toMatchObject(denied);
    expect(await read(actor, idAt(T0_MS))).toMatchObject(denied);
  });
});

describe("stored content", () => {
  it("is read by its company as it was", async () => {
    await enable("company-1");
    const id = idAt(T0_MS);
    await keep("company-1", id);
    expect(await read(member(), id)).toEqual({
      ok: true,
      value: {
        request_id: id,
        request: CANARY,
        response: `${CANARY}, indeed`,
        is_truncated: false,
        stored_at: "2026-11-20T00:00:00.000Z",
        expires_at: "2026-11-27T00:00:00.000Z",
      },
    });
  });

  it("is sealed in the bucket, under its company's own key and its own name", async () => {
    const name = await keep("company-1", idAt(T0_MS));
    const sealed = new Uint8Array((await (await env.CONTENT.get(name))?.arrayBuffer()) ?? new ArrayBuffer());
    expect(sealed.length).toBeGreaterThan(CANARY.length);
    expect(new TextDecoder().decode(sealed)).not.toContain("canary");
    const box = await contentBoxOf(env);
    expect(await box.open("company-1", name, sealed)).toContain(CANARY);
    await expect(box.open("company-2", name, sealed)).rejects.toThrow(/decrypt|operation/i);
    await expect(box.open("company-1", contentName("company-1", idAt(T0_MS, 2)), sealed)).rejects.toThrow(
      /decrypt|operation/i,
    );
  });

  it("of another company answers exactly as one that does not exist, also to an operator", async () => {
    await enable("company-1");
    await enable("company-2");
    const id = idAt(T0_MS);
    await keep("company-2", id);
    const missing = await read(member(), idAt(T0_MS, 9));
    expect(missing).toMatchObject(NOT_FOUND);
    for (const wanted of [id, `../company-2/${id}`, "", "some-id"])
      expect(await read(member(), wanted)).toEqual(missing);
    expect(await read({ ...member(), platformAdmin: true }, id)).toEqual(missing);
  });

  it("of an erased company is hidden at once, gone with the next sweep, and nothing more is stored", async () => {
    await enable("company-1");
    await enable("company-2");
    const [id, other] = [idAt(T0_MS), idAt(T0_MS, 2)];
    await keep("company-1", id);
    await keep("company-2", other);
    expect(await eraseContent(db, env.CONTENT, member(), "company-1", T0_MS)).toMatchObject({ ok: false });
    const operator = { ...member("platform"), platformAdmin: true };
    expect(await eraseContent(db, env.CONTENT, operator, "company-1", T0_MS)).toEqual({ ok: true });
    expect(await read(member(), id)).toMatchObject(NOT_FOUND);
    expect(await (await env.CONTENT.get(policyName("company-1")))?.json()).toMatchObject({ is_enabled: false });
    await sweepContent(db, env.CONTENT, T0_MS + 1, log);
    expect(await names()).toEqual([contentName("company-2", other)]);
    expect(await eraseContent(db, env.CONTENT, operator, "of-nobody", T0_MS)).toEqual({ ok: true });
    expect(await env.CONTENT.get(policyName("of-nobody"))).toBeNull();
  });

  it("is gone for its reader at its retention, before it is deleted", async () => {
    await enable("company-1", 7);
    const id = idAt(T0_MS);
    await keep("company-1", id);
    expect(await read(member(), id, T0_MS + 7 * DAY_MS - 1)).toMatchObject({ ok: true });
    expect(await read(member(), id, T0_MS + 7 * DAY_MS)).toMatchObject(NOT_FOUND);
  });
});

describe("the sweep of stored content", () => {
  it("deletes what is past its company's own retention, and nothing else", async () => {
    await enable("short", 1);
    await enable("long", 30);
    const fresh = [await keep("short", idAt(T0_MS + 2 * DAY_MS)), await keep("long", idAt(T0_MS))];
    for (let index = 0; index < 5; index += 1) await keep("short", idAt(T0_MS + index, index));
    expect(await sweepContent(db, env.CONTENT, T0_MS + 2 * DAY_MS, log)).toBe(5);
    expect((await names()).toSorted()).toEqual(fresh.toSorted());
    expect(await sweepContent(db, env.CONTENT, T0_MS + 2 * DAY_MS, log)).toBe(0);
  });

  it("forgets everything of a company that switched it off, which can read nothing from then on", async () => {
    await enable("company-1");
    const id = idAt(T0_MS);
    await keep("company-1", id);
    await setContentPolicy(db, env.CONTENT, member(), { is_enabled: false, retention_days: 7 }, T0_MS);
    expect(await read(member(), id)).toMatchObject(NOT_FOUND);
    const worker = new AnalyticsWorker(createExecutionContext(), env);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date(T0_MS), cron: "*/5 * * * *" }));
    expect(await names()).toEqual([]);
  });

  it("tells the proxies again what they missed", async () => {
    await enable("company-1");
    await env.CONTENT.delete(policyName("company-1"));
    await sweepContent(db, env.CONTENT, T0_MS, log);
    expect(await (await env.CONTENT.get(policyName("company-1")))?.json()).toMatchObject({ is_enabled: true });
  });

  it("comes to every company in turn, also when there are more than one sweep takes", async () => {
    const companies = Array.from({ length: 25 }, (_, index) => `company-${index}`);
    await Promise.all(companies.flatMap((company) => [enable(company, 1), keep(company, idAt(T0_MS))]));
    const nowMs = T0_MS + 3 * DAY_MS;
    expect(await sweepContent(db, env.CONTENT, nowMs, log)).toBe(20);
    expect(await sweepContent(db, env.CONTENT, nowMs + 1, log)).toBe(5);
  });
});

import { env } from "cloudflare:workers";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { deleteExpiredKeys } from "../../src/db/idempotency-keys.ts";
import { runOnce, type OnceRequest } from "../../src/idempotency/run-once.ts";
import { db } from "../support/billing.ts";

function aRequest(overrides: Partial<OnceRequest> = {}): OnceRequest {
  return { companyId: newId(), route: "r", key: newId(), requestId: newId(), input: { a: 1 }, ...overrides };
}

/** Work that counts how often it was done, and under which ids. */
function counted(answer: () => Answer<string> = async () => ok("done")) {
  const workIds: string[] = [];
  const work = (workId: string) => {
    workIds.push(workId);
    return answer();
  };
  return { workIds, work };
}

async function alter(request: OnceRequest, set: string): Promise<void> {
  await env.DB.prepare(`UPDATE idempotency_keys SET ${set} WHERE company_id = ?`).bind(request.companyId).run();
}

describe("a mutation with an Idempotency-Key", () => {
  it("is done once and answered alike, and a replay says that it is one", async () => {
    const [request, { workIds, work }] = [aRequest(), counted()];
    expect(await runOnce(db, request, work)).toEqual({ ok: true, value: "done" });
    expect(await runOnce(db, { ...request, requestId: newId() }, work)).toEqual({
      ok: true,
      value: "done",
      replayed: true,
    });
    expect(workIds).toHaveLength(1);
  });

  it("replays a refusal too: it is the answer", async () => {
    const [request, { workIds, work }] = [aRequest(), counted(async () => err("conflict", "no"))];
    const first = await runOnce(db, request, work);
    expect(await runOnce(db, request, work)).toEqual({ ...first, replayed: true });
    expect(workIds).toHaveLength(1);
  });

  it("with another body is a reuse, naming the first request", async () => {
    const [request, { workIds, work }] = [aRequest(), counted()];
    await runOnce(db, request, work);
    expect(await runOnce(db, { ...request, input: { a: 2 } }, work)).toMatchObject({
      error: { code: "idempotency_key_reused", firstRequestId: request.requestId },
    });
    expect(workIds).toHaveLength(1);
  });

  it("twenty at once: one does it, the others are told that it is in flight", async () => {
    const request = aRequest();
    const othersTold = Promise.withResolvers<void>();
    const { workIds, work } = counted(async () => {
      await othersTold.promise;
      return ok("done");
    });
    let told = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await runOnce(db, { ...request, requestId: newId() }, work);
        told += 1;
        if (told === 19) othersTold.resolve();
        return answer;
      }),
    );
    expect(workIds).toHaveLength(1);
    const codes = answers.map((answer) => (answer.ok ? "ok" : answer.error.code)).toSorted();
    expect(codes).toEqual([...Array<string>(19).fill("idempotency_in_progress"), "ok"]);
  });

  it.each([
    ["a defect", () => Promise.reject(new Error("broken"))],
    ["a dependency that is away", async () => err("service_unavailable", "away")],
  ])("after %s a repeat tries again, under the same id", async (_name, answer) => {
    const request = aRequest();
    const [broken, { workIds, work }] = [counted(answer), counted()];
    await runOnce(db, request, broken.work).catch(() => undefined);
    expect(await runOnce(db, request, work)).toEqual({ ok: true, value: "done" });
    expect(workIds).toEqual(broken.workIds);
  });

  it("whose first user died is taken over after a minute, under the same id; not with another body", async () => {
    const request = aRequest();
    const [first, { workIds, work }] = [counted(), counted()];
    await runOnce(db, request, first.work);
    await alter(request, "answer = NULL");
    expect(await runOnce(db, request, work)).toMatchObject({ error: { code: "idempotency_in_progress" } });
    await alter(request, "locked_until_ms = 0");
    expect(await runOnce(db, { ...request, input: 2 }, work)).toMatchObject({
      error: { code: "idempotency_key_reused" },
    });
    expect(await runOnce(db, request, work)).toEqual({ ok: true, value: "done" });
    expect(workIds).toEqual(first.workIds);
  });

  it("is forgotten after a day", async () => {
    const [request, { workIds, work }] = [aRequest(), counted()];
    await runOnce(db, request, work);
    await alter(request, "expires_at_ms = 1");
    await runOnce(db, { ...request, input: "other" }, work);
    expect(new Set(workIds).size).toBe(2);
    await alter(request, "expires_at_ms = 1");
    await deleteExpiredKeys(db, Date.now(), 10);
    const left = await env.DB.prepare("SELECT count(*) AS n FROM idempotency_keys WHERE company_id = ?")
      .bind(request.companyId)
      .first("n");
    expect(left).toBe(0);
  });

  it("is the company's and the route's own", async () => {
    const [request, { workIds, work }] = [aRequest(), counted()];
    await runOnce(db, request, work);
    await runOnce(db, { ...request, companyId: newId() }, work);
    await runOnce(db, { ...request, route: "other" }, work);
    expect(workIds).toHaveLength(3);
  });

  it("without a key every call is its own", async () => {
    const [request, { workIds, work }] = [aRequest({ key: null }), counted()];
    await runOnce(db, request, work);
    await runOnce(db, request, work);
    expect(new Set(workIds).size).toBe(2);
  });

  it.each(["", "x".repeat(256), "a\nb", "schlüssel"])("a key of %j is refused", async (key) => {
    const { workIds, work } = counted();
    expect(await runOnce(db, aRequest({ key }), work)).toMatchObject({ error: { param: "idempotency-key" } });
    expect(workIds).toEqual([]);
  });
});

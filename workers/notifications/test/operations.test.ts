import { prometheusText } from "@aggregator/runtime/prometheus-text";
import { env } from "cloudflare:workers";
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { consumeDeadNotices } from "../src/operations/consume-notices.ts";
import { getMetrics } from "../src/operations/get-metrics.ts";
import { listDeadLetters } from "../src/operations/list-dead-letters.ts";
import { listOutbox } from "../src/operations/list-outbox.ts";
import { replayDeadLetter } from "../src/operations/replay-dead-letter.ts";
import { actorOf, contact, createWorld, lowBalance, T0_MS, valueOf, type World } from "./support/world.ts";

const operator = actorOf("platform", { permissions: [], platformAdmin: true });

/** Delivers one message of `notices-dead`, as when its retries ran out. */
async function bury(world: World, body: unknown) {
  const batch = createMessageBatch("notices-dead", [{ id: "dead", body, attempts: 1, timestamp: new Date(T0_MS) }]);
  await consumeDeadNotices(batch, world.dependencies);
  return getQueueResult(batch, createExecutionContext());
}

describe("dead letters of notices", () => {
  it("are listed newest first by reason and shape, without what they said", async () => {
    const world = await createWorld();
    await world.notify({ ...lowBalance(), version: 9, link: "https://secret.example/token" });
    const page = valueOf(await listDeadLetters(world.dependencies, operator, {}));
    expect(page.data).toMatchObject([{ id: "m0", queue: "notices", attempts: 1, replayed_at: null }]);
    expect(page.data[0]?.reason).toContain("version");
    expect(JSON.stringify(page)).not.toContain("secret.example");
    const row = await env.DB.prepare("SELECT * FROM dead_letters").first();
    expect(JSON.stringify(row)).not.toContain("secret.example");
  });

  it("tell whom they concern when replayed, once however often", async () => {
    const world = await createWorld();
    await world.notify(contact("owner-1", "owner"));
    expect((await bury(world, lowBalance())).explicitAcks).toEqual(["dead"]);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const letter = valueOf(await replayDeadLetter(world.dependencies, operator, "dead"));
      expect(letter.replayed_at).toBe(new Date(T0_MS).toISOString());
    }
    await world.workThrough();
    expect(valueOf(await listOutbox(world.dependencies))).toHaveLength(1);
    expect(await env.DB.prepare("SELECT sealed_body FROM dead_letters").first("sealed_body")).toBeNull();
  });

  it("that still cannot be handled say why and stay", async () => {
    const world = await createWorld();
    await world.notify({ ...lowBalance(), version: 9 });
    const answer = await replayDeadLetter(world.dependencies, operator, "m0");
    expect(answer).toMatchObject({ ok: false, error: { code: "conflict" } });
    const page = valueOf(await listDeadLetters(world.dependencies, operator, {}));
    expect(page.data[0]?.replayed_at).toBeNull();
  });

  it("that do not exist are not found", async () => {
    const world = await createWorld();
    expect(await replayDeadLetter(world.dependencies, operator, "none")).toMatchObject({
      error: { code: "not_found" },
    });
  });

  it("are for operators only", async () => {
    const { dependencies } = await createWorld();
    const denied = { ok: false, error: { code: "permission_denied" } };
    expect(await listDeadLetters(dependencies, actorOf("company-1"), {})).toMatchObject(denied);
    expect(await replayDeadLetter(dependencies, actorOf("company-1"), "dead")).toMatchObject(denied);
  });
});

describe("the metrics of notifications", () => {
  async function scraped(world: World): Promise<string[]> {
    return prometheusText(valueOf(await getMetrics(world.dependencies))).split("\n");
  }

  it("tell what waits, how long it has been due and what is dead", async () => {
    const world = await createWorld();
    await world.notify(contact("owner-1", "owner"), contact("owner-2", "owner"));
    await world.notify(lowBalance(), { poison: true });
    world.nowMs = T0_MS + 42_000;
    const lines = await scraped(world);
    expect(lines).toContain('aggregator_notifications_waiting{channel="email"} 2');
    expect(lines).toContain('aggregator_notifications_overdue_seconds{channel="email"} 42');
    expect(lines).toContain('aggregator_notifications_waiting{channel="webhook"} 0');
    expect(lines).toContain('aggregator_dead_letters{queue="notices"} 1');
  });

  it("say zero once everything went out", async () => {
    const world = await createWorld();
    await world.notify(contact("owner-1", "owner"));
    await world.notify(lowBalance());
    await world.workThrough();
    expect(await scraped(world)).toContain('aggregator_notifications_overdue_seconds{channel="email"} 0');
  });
});

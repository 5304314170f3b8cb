import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { createWebhook } from "../src/operations/create-webhook.ts";
import { deleteWebhook } from "../src/operations/delete-webhook.ts";
import { getWebhookDelivery } from "../src/operations/get-webhook-delivery.ts";
import { getWebhook } from "../src/operations/get-webhook.ts";
import { listWebhookDeliveries } from "../src/operations/list-webhook-deliveries.ts";
import { listWebhooks } from "../src/operations/list-webhooks.ts";
import { replayWebhookDelivery } from "../src/operations/replay-webhook-delivery.ts";
import { requeueOverdue } from "../src/operations/requeue-overdue.ts";
import { rotateWebhookSecret } from "../src/operations/rotate-webhook-secret.ts";
import { testWebhook } from "../src/operations/test-webhook.ts";
import { updateWebhook } from "../src/operations/update-webhook.ts";
import { actorOf, createWorld, lowBalance, received, receiverWebhook, valueOf, type World } from "./support/world.ts";

const actor = actorOf("company-1");
const DAY_MS = 24 * 3_600_000;

async function onlyDelivery(world: World, webhookId: string) {
  const page = valueOf(await listWebhookDeliveries(world.dependencies, actor, webhookId, {}));
  expect(page.data).toHaveLength(1);
  const id = page.data[0]?.id ?? "";
  return valueOf(await getWebhookDelivery(world.dependencies, actor, webhookId, id));
}

/** The payload, whose signature the vendor-neutral library makes alike; it would compare the time with the machine's clock. */
function verified(secret: string, call: { headers: Record<string, string>; body: string } | undefined): unknown {
  if (call === undefined) throw new Error("nothing was received");
  const sentAt = new Date(Number(call.headers["webhook-timestamp"]) * 1_000);
  const expected = new Webhook(secret).sign(call.headers["webhook-id"] ?? "", sentAt, call.body);
  expect(call.headers["webhook-signature"]?.split(" ")).toContain(expected);
  return JSON.parse(call.body);
}

describe("a webhook", () => {
  it("gets what its company's notice says, signed as Standard Webhooks verifies", async () => {
    const world = await createWorld();
    world.nowMs = Date.now();
    const webhook = await receiverWebhook(world, "signed");
    await world.notify(lowBalance("notice-7"));
    await world.work();
    const [call] = await received("signed");
    const body = new Webhook(webhook.secret).verify(call?.body ?? "", call?.headers ?? {});
    expect(body).toEqual({
      type: "low_balance",
      timestamp: "2026-11-23T08:00:00.000Z",
      company_id: "company-1",
      data: { available_nano_usd: 900_000_000, threshold_nano_usd: 1_000_000_000 },
    });
    expect(call?.headers["webhook-id"]).toBe("notice-7");
    expect((await onlyDelivery(world, webhook.id)).state).toBe("delivered");
  });

  it("is not told twice when its notice is delivered five times", async () => {
    const world = await createWorld();
    await receiverWebhook(world, "once");
    for (let round = 0; round < 5; round += 1) {
      await world.notify(lowBalance());
      await world.work();
    }
    expect(await received("once")).toHaveLength(1);
  });

  it("hears nothing of events it did not ask for, nor of other companies", async () => {
    const world = await createWorld();
    await receiverWebhook(world, "deaf");
    await world.notify(lowBalance("other", "company-2"), {
      ...lowBalance("statement"),
      kind: "statement_ready",
      data: { statement_id: "s", period: "2026-10", total_nano_usd: 1 },
    });
    await world.workThrough();
    expect(await received("deaf")).toEqual([]);
  });

  it("is tried again, ever slower, for 24 hours, then switched off with the reason", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "broken", [503]);
    await world.notify(lowBalance());
    const times = await world.workThrough();
    expect(times).toHaveLength(8);
    expect(times.map((ms) => ms / 1_000)).toEqual([0, 5, 305, 2_105, 9_305, 27_305, 52_505, 86_400]);
    const delivery = await onlyDelivery(world, webhook.id);
    expect(delivery).toMatchObject({ state: "failed", attempts: 8, last_status: 503, last_error: "answered 503" });
    expect(delivery.attempt_log.map(({ number, status }) => [number, status])).toEqual(
      Array.from({ length: 8 }, (_, index) => [index + 1, 503]),
    );
    expect(valueOf(await getWebhook(world.dependencies, actor, webhook.id))).toMatchObject({
      is_enabled: false,
      disabled_reason: "nothing was delivered for 24 hours",
    });
    await world.notify(lowBalance("later"));
    expect(world.jobs).toEqual([]);
  });

  it("stays on when it took something else during the 24 hours", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "picky", [500, 500, 200, 500]);
    await world.notify(lowBalance("bad"));
    await world.work();
    world.nowMs += 5_000;
    await world.work();
    await world.notify(lowBalance("good"));
    await world.work();
    await world.workThrough();
    expect(valueOf(await getWebhook(world.dependencies, actor, webhook.id)).is_enabled).toBe(true);
    const failed = valueOf(await listWebhookDeliveries(world.dependencies, actor, webhook.id, { state: "failed" }));
    expect(failed.data.map(({ message_id: id }) => id)).toEqual(["bad"]);
  });

  it.each([
    ["a receiver that is gone", [410], { state: "failed", last_status: 410, attempts: 1 }],
    ["a redirect", [302], { state: "pending", last_status: 302, last_error: "redirects are not followed" }],
    [
      "a receiver that never answers",
      [0],
      { state: "pending", last_status: null, last_error: "no answer within 300 ms" },
    ],
    ["a refusal", [404], { state: "pending", last_status: 404 }],
  ])("records %s", async (name, statuses, expected) => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, name.replaceAll(" ", "-"), statuses);
    await world.notify(lowBalance());
    await world.work();
    expect(await onlyDelivery(world, webhook.id)).toMatchObject(expected);
    expect(await received("elsewhere")).toEqual([]);
  });

  it("is delivered again on replay, with the same message id", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "replayed", [410, 200]);
    await world.notify(lowBalance());
    await world.work();
    const { id } = await onlyDelivery(world, webhook.id);
    const replay = () => replayWebhookDelivery(world.dependencies, actor, webhook.id, id);
    expect(await replay()).toMatchObject({ ok: false, error: { code: "conflict" } });
    valueOf(await updateWebhook(world.dependencies, actor, webhook.id, { is_enabled: true }));
    expect(valueOf(await replay())).toMatchObject({ id, state: "pending", attempts: 0 });
    expect(await replay()).toMatchObject({ ok: false, error: { code: "conflict" } });
    await world.work();
    const calls = await received("replayed");
    expect(calls.map(({ headers }) => headers["webhook-id"])).toEqual(["notice-1", "notice-1"]);
    expect((await onlyDelivery(world, webhook.id)).state).toBe("delivered");
  });

  it("is signed by the old and the new secret for a day after rotation, then by the new one alone", async () => {
    const world = await createWorld();
    const old = await receiverWebhook(world, "rotated");
    const rotated = valueOf(await rotateWebhookSecret(world.dependencies, actor, old.id));
    expect(rotated.secret).not.toBe(old.secret);
    await world.notify(lowBalance("during"));
    await world.work();
    world.nowMs += DAY_MS;
    await world.notify(lowBalance("after"));
    await world.work();
    const [during, after] = await received("rotated");
    verified(old.secret, during);
    verified(rotated.secret, during);
    verified(rotated.secret, after);
    expect(after?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  });

  it("is stored with its secret sealed, and shows it once", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "sealed");
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const row = await env.DB.prepare("SELECT secret FROM webhooks").first<string>("secret");
    expect(row).toMatch(/^v1\./);
    expect(row).not.toContain(webhook.secret.slice(6));
    expect(valueOf(await getWebhook(world.dependencies, actor, webhook.id))).not.toHaveProperty("secret");
  });

  it("is not attempted twice by two jobs at once", async () => {
    const world = await createWorld();
    await receiverWebhook(world, "raced");
    await world.notify(lowBalance());
    world.jobs.push(...world.jobs);
    await world.work();
    expect(await received("raced")).toHaveLength(1);
  });

  it("is queued again when its job was lost", async () => {
    const world = await createWorld();
    await receiverWebhook(world, "lost");
    await world.notify(lowBalance());
    world.jobs.length = 0;
    expect(await requeueOverdue(world.dependencies)).toBe(0);
    world.nowMs += 601_000;
    expect(await requeueOverdue(world.dependencies)).toBe(1);
    await world.work();
    expect(await received("lost")).toHaveLength(1);
  });

  it("can be tried with a test event", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "tested");
    expect(valueOf(await testWebhook(world.dependencies, actor, webhook.id))).toMatchObject({ event: "test" });
    await world.work();
    const [call] = await received("tested");
    expect(verified(webhook.secret, call)).toMatchObject({ type: "test", company_id: "company-1" });
  });

  it("takes what waits for it along when it is deleted", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "deleted");
    await world.notify(lowBalance());
    valueOf(await deleteWebhook(world.dependencies, actor, webhook.id));
    await world.workThrough();
    expect(await received("deleted")).toEqual([]);
    expect(await getWebhook(world.dependencies, actor, webhook.id)).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("the guard on webhook URLs", () => {
  const urls = [
    "http://example.com/hook",
    "https://127.0.0.1/hook",
    "https://localhost/hook",
    "https://[::1]/hook",
    "https://169.254.169.254/latest",
    "https://user:pass@example.com/hook",
    "file:///etc/passwd",
    "not a url",
  ];

  it.each(urls)("refuses %s when it is saved", async (url) => {
    const world = await createWorld();
    const strict = { ...world.dependencies, config: { ...world.dependencies.config, ALLOW_PRIVATE_UPSTREAMS: false } };
    const answer = await createWebhook(strict, actor, { url, events: ["low_balance"] });
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param: "url" } });
  });

  it("asks again before each attempt, and sends nothing", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "guarded");
    await world.notify(lowBalance());
    Object.assign(world.dependencies, { config: { ...world.dependencies.config, ALLOW_PRIVATE_UPSTREAMS: false } });
    await world.work();
    expect(await received("guarded")).toEqual([]);
    expect(await onlyDelivery(world, webhook.id)).toMatchObject({ state: "pending", last_status: null });
  });
});

describe("the webhooks' operations", () => {
  it("list a company's webhooks page by page", async () => {
    const world = await createWorld();
    const made = [];
    for (const name of ["a", "b", "c"]) made.push((await receiverWebhook(world, `listed-${name}`)).id);
    const first = valueOf(await listWebhooks(world.dependencies, actor, { limit: "2" }));
    const second = valueOf(await listWebhooks(world.dependencies, actor, { limit: "2", cursor: first.nextCursor }));
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(made);
    expect(second.nextCursor).toBeNull();
  });

  it("refuse a twenty-first webhook", async () => {
    const world = await createWorld();
    for (let made = 0; made < 20; made += 1) await receiverWebhook(world, "many");
    const input = { url: "https://example.com/hook", events: ["low_balance"] };
    expect(await createWebhook(world.dependencies, actor, input)).toMatchObject({ error: { code: "conflict" } });
  });

  it.each([
    [{ events: ["low_balance"] }, "url"],
    [{ url: "https://example.com", events: [] }, "events"],
    [{ url: "https://example.com", events: ["colour"] }, "events.0"],
    [{ url: "https://example.com", events: ["low_balance"], secret: "mine" }, "secret"],
  ])("refuse %o naming the field", async (input, param) => {
    const world = await createWorld();
    expect(await createWebhook(world.dependencies, actor, input)).toMatchObject({
      error: { code: "invalid_request", param },
    });
  });

  it("answer another company's ids like ids that never were, and need their permissions", async () => {
    const world = await createWorld();
    const webhook = await receiverWebhook(world, "foreign");
    await world.notify(lowBalance());
    const { id: deliveryId } = await onlyDelivery(world, webhook.id);
    const { dependencies } = world;
    const operations = [
      (who: typeof actor, id: string) => getWebhook(dependencies, who, id),
      (who: typeof actor, id: string) => updateWebhook(dependencies, who, id, {}),
      (who: typeof actor, id: string) => deleteWebhook(dependencies, who, id),
      (who: typeof actor, id: string) => rotateWebhookSecret(dependencies, who, id),
      (who: typeof actor, id: string) => testWebhook(dependencies, who, id),
      (who: typeof actor, id: string) => listWebhookDeliveries(dependencies, who, id, {}),
      (who: typeof actor, id: string) => getWebhookDelivery(dependencies, who, id, deliveryId),
      (who: typeof actor, id: string) => replayWebhookDelivery(dependencies, who, id, deliveryId),
    ];
    for (const operation of operations) {
      const foreign = await operation(actorOf("company-2"), webhook.id);
      expect(foreign).toEqual(await operation(actor, "no-such-webhook"));
      expect(foreign).toMatchObject({ ok: false, error: { code: "not_found" } });
      const powerless = await operation(actorOf("company-1", { permissions: [] }), webhook.id);
      expect(powerless).toMatchObject({ ok: false, error: { code: "permission_denied" } });
    }
  });
});

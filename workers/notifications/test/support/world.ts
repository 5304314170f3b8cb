import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookWithSecretView } from "@aggregator/contracts/notifications";
import type { Result } from "@aggregator/contracts/result";
import { createExecutionContext, createMessageBatch, getQueueResult, type QueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type Dependencies, dependenciesOf } from "../../src/dependencies.ts";
import type { DeliveryJob } from "../../src/domain/delivery-job.ts";
import { consumeDeliveries } from "../../src/operations/consume-deliveries.ts";
import { consumeNotices } from "../../src/operations/consume-notices.ts";
import { createWebhook } from "../../src/operations/create-webhook.ts";

const TABLES = [
  "contacts",
  "preferences",
  "notices",
  "emails",
  "webhooks",
  "webhook_deliveries",
  "webhook_attempts",
  "dead_letters",
];

export const T0_MS = Date.parse("2026-11-23T08:00:00.000Z");

/** The Worker's operations over its real database, with a clock and a queue that the test holds. */
export interface World {
  readonly dependencies: Dependencies;
  /** Jobs that wait, with the time they are due. */
  readonly jobs: { readonly job: DeliveryJob; readonly dueMs: number; readonly attempts: number }[];
  nowMs: number;
  /** Delivers messages of the queue `notices` in one batch. */
  notify(...bodies: readonly unknown[]): Promise<QueueResult>;
  /** Runs every job that is due, once. */
  work(): Promise<void>;
  /** Moves the clock to each due job until none is left; returns the times of work in ms after the start. */
  workThrough(): Promise<number[]>;
}

export async function createWorld(overrides: Partial<Dependencies> = {}): Promise<World> {
  await env.DB.batch(TABLES.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  const world: World = {
    jobs: [],
    nowMs: T0_MS,
    dependencies: {
      ...dependenciesOf(env),
      now: () => world.nowMs,
      deliveries: {
        sendBatch: (messages) => {
          for (const { body } of messages) world.jobs.push({ job: body, dueMs: world.nowMs, attempts: 1 });
          return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
        },
      },
      ...overrides,
    },
    async notify(...bodies) {
      const messages = bodies.map((body, index) => ({ id: `m${index}`, body, attempts: 1, timestamp: T0_MS }));
      const batch = createMessageBatch("notices", messages);
      await consumeNotices(batch, world.dependencies);
      return getQueueResult(batch, createExecutionContext());
    },
    async work() {
      const due = world.jobs.filter(({ dueMs }) => dueMs <= world.nowMs);
      world.jobs.splice(0, world.jobs.length, ...world.jobs.filter(({ dueMs }) => dueMs > world.nowMs));
      const messages = due.map(({ job, attempts }, index) => ({
        id: String(index),
        body: job,
        attempts,
        timestamp: T0_MS,
      }));
      const batch = createMessageBatch("deliveries", messages);
      for (const message of batch.messages) {
        const one = due[Number(message.id)];
        message.retry = (options) => {
          if (one === undefined) throw new Error("a message that was not sent");
          const dueMs = world.nowMs + (options?.delaySeconds ?? 0) * 1_000;
          world.jobs.push({ job: one.job, dueMs, attempts: one.attempts + 1 });
        };
      }
      await consumeDeliveries(batch, world.dependencies);
    },
    async workThrough() {
      const times: number[] = [];
      while (world.jobs.length > 0) {
        world.nowMs = Math.max(world.nowMs, Math.min(...world.jobs.map(({ dueMs }) => dueMs)));
        times.push(world.nowMs - T0_MS);
        await world.work();
      }
      return times;
    },
  };
  return world;
}

/** A webhook at the receiver, for the path `name`, with the statuses it will answer. */
export async function receiverWebhook(world: World, name: string, statuses: readonly number[] = [200]) {
  await fetch(`${env.RECEIVER_URL}/script/${name}`, { method: "PUT", body: JSON.stringify(statuses) });
  const input = { url: `${env.RECEIVER_URL}/${name}`, events: ["low_balance", "key_leaked"] };
  return valueOf<WebhookWithSecretView>(await createWebhook(world.dependencies, actorOf("company-1"), input));
}

/** What came to the receiver's path `name`. */
export async function received(name: string) {
  const answer = await fetch(`${env.RECEIVER_URL}/calls/${name}`);
  return answer.json<{ headers: Record<string, string>; body: string }[]>();
}

export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export function actorOf(companyId: string, overrides: Partial<Actor> = {}): Actor {
  return {
    kind: "member",
    companyId,
    memberId: "member-1",
    keyId: null,
    permissions: ["webhooks:read", "webhooks:manage", "notifications:manage"],
    platformAdmin: false,
    ...overrides,
  };
}

export function lowBalance(id = "notice-1", companyId = "company-1") {
  return {
    version: 1,
    type: "notice",
    id,
    kind: "low_balance",
    company_id: companyId,
    occurred_at_ms: T0_MS,
    data: { available_nano_usd: 900_000_000, threshold_nano_usd: 1_000_000_000 },
  };
}

export function contact(memberId: string, role: string, overrides: Record<string, unknown> = {}) {
  return {
    version: 1,
    type: "contact",
    company_id: "company-1",
    member_id: memberId,
    revision: 1,
    email: `${memberId}@example.com`,
    role,
    is_active: true,
    ...overrides,
  };
}

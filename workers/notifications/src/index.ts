import type { Actor } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { NotificationsApi } from "@aggregator/contracts/notifications";
import { WorkerEntrypoint } from "cloudflare:workers";
import { dependenciesOf } from "./dependencies.ts";
import type { Env } from "./env.ts";
import { checkHealth } from "./operations/check-health.ts";
import { consumeDeliveries } from "./operations/consume-deliveries.ts";
import { consumeDeadNotices, consumeNotices } from "./operations/consume-notices.ts";
import { createWebhook } from "./operations/create-webhook.ts";
import { deleteWebhook } from "./operations/delete-webhook.ts";
import { getMetrics } from "./operations/get-metrics.ts";
import { getPreferences } from "./operations/get-preferences.ts";
import { getWebhookDelivery } from "./operations/get-webhook-delivery.ts";
import { getWebhook } from "./operations/get-webhook.ts";
import { listDeadLetters } from "./operations/list-dead-letters.ts";
import { listOutbox } from "./operations/list-outbox.ts";
import { listWebhookDeliveries } from "./operations/list-webhook-deliveries.ts";
import { listWebhooks } from "./operations/list-webhooks.ts";
import { replayDeadLetter } from "./operations/replay-dead-letter.ts";
import { replayWebhookDelivery } from "./operations/replay-webhook-delivery.ts";
import { requeueOverdue } from "./operations/requeue-overdue.ts";
import { rotateWebhookSecret } from "./operations/rotate-webhook-secret.ts";
import { testWebhook } from "./operations/test-webhook.ts";
import { updatePreferences } from "./operations/update-preferences.ts";
import { updateWebhook } from "./operations/update-webhook.ts";

/** Tells members by e-mail and companies' systems by webhook what happened. */
export default class NotificationsWorker extends WorkerEntrypoint<Env> implements NotificationsApi {
  getPreferences(_context: CallContext, actor: Actor) {
    return getPreferences(dependenciesOf(this.env), actor);
  }

  updatePreferences(_context: CallContext, actor: Actor, input: unknown) {
    return updatePreferences(dependenciesOf(this.env), actor, input);
  }

  createWebhook(_context: CallContext, actor: Actor, input: unknown) {
    return createWebhook(dependenciesOf(this.env), actor, input);
  }

  listWebhooks(_context: CallContext, actor: Actor, query: unknown) {
    return listWebhooks(dependenciesOf(this.env), actor, query);
  }

  getWebhook(_context: CallContext, actor: Actor, id: string) {
    return getWebhook(dependenciesOf(this.env), actor, id);
  }

  updateWebhook(_context: CallContext, actor: Actor, id: string, input: unknown) {
    return updateWebhook(dependenciesOf(this.env), actor, id, input);
  }

  deleteWebhook(_context: CallContext, actor: Actor, id: string) {
    return deleteWebhook(dependenciesOf(this.env), actor, id);
  }

  rotateWebhookSecret(_context: CallContext, actor: Actor, id: string) {
    return rotateWebhookSecret(dependenciesOf(this.env), actor, id);
  }

  testWebhook(_context: CallContext, actor: Actor, id: string) {
    return testWebhook(dependenciesOf(this.env), actor, id);
  }

  listWebhookDeliveries(_context: CallContext, actor: Actor, id: string, query: unknown) {
    return listWebhookDeliveries(dependenciesOf(this.env), actor, id, query);
  }

  getWebhookDelivery(_context: CallContext, actor: Actor, id: string, deliveryId: string) {
    return getWebhookDelivery(dependenciesOf(this.env), actor, id, deliveryId);
  }

  replayWebhookDelivery(_context: CallContext, actor: Actor, id: string, deliveryId: string) {
    return replayWebhookDelivery(dependenciesOf(this.env), actor, id, deliveryId);
  }

  developmentOutbox(_context: CallContext) {
    return listOutbox(dependenciesOf(this.env));
  }

  adminDeadLetters(_context: CallContext, actor: Actor, query: unknown) {
    return listDeadLetters(dependenciesOf(this.env), actor, query);
  }

  adminReplayDeadLetter(_context: CallContext, actor: Actor, id: string) {
    return replayDeadLetter(dependenciesOf(this.env), actor, id);
  }

  metrics(_context: CallContext) {
    return getMetrics(dependenciesOf(this.env));
  }

  health(_context: CallContext) {
    return checkHealth(dependenciesOf(this.env));
  }

  /** Consumer of `notices`, of its dead-letter queue and of `deliveries`. */
  override async queue(batch: MessageBatch): Promise<void> {
    const dependencies = dependenciesOf(this.env);
    if (batch.queue === "deliveries") await consumeDeliveries(batch, dependencies);
    else if (batch.queue === "notices-dead") await consumeDeadNotices(batch, dependencies);
    else await consumeNotices(batch, dependencies);
  }

  /** Every few minutes: queues again what a lost job left behind. */
  override async scheduled(): Promise<void> {
    await requeueOverdue(dependenciesOf(this.env));
  }
}

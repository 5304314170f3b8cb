import type { Actor } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { NotificationsApi } from "@aggregator/contracts/notifications";
import type { Result } from "@aggregator/contracts/result";
import { logCall } from "@aggregator/runtime/log-call";
import { WorkerEntrypoint } from "cloudflare:workers";
import { dependenciesOf } from "./dependencies.ts";
import { type Env, loggerOf } from "./env.ts";
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
  getPreferences(context: CallContext, actor: Actor) {
    return this.#serve(context, "getPreferences", () => getPreferences(dependenciesOf(this.env), actor));
  }

  updatePreferences(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "updatePreferences", () => updatePreferences(dependenciesOf(this.env), actor, input));
  }

  createWebhook(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createWebhook", () => createWebhook(dependenciesOf(this.env), actor, input));
  }

  listWebhooks(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listWebhooks", () => listWebhooks(dependenciesOf(this.env), actor, query));
  }

  getWebhook(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getWebhook", () => getWebhook(dependenciesOf(this.env), actor, id));
  }

  updateWebhook(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "updateWebhook", () => updateWebhook(dependenciesOf(this.env), actor, id, input));
  }

  deleteWebhook(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "deleteWebhook", () => deleteWebhook(dependenciesOf(this.env), actor, id));
  }

  rotateWebhookSecret(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "rotateWebhookSecret", () => rotateWebhookSecret(dependenciesOf(this.env), actor, id));
  }

  testWebhook(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "testWebhook", () => testWebhook(dependenciesOf(this.env), actor, id));
  }

  listWebhookDeliveries(context: CallContext, actor: Actor, id: string, query: unknown) {
    return this.#serve(context, "listWebhookDeliveries", () =>
      listWebhookDeliveries(dependenciesOf(this.env), actor, id, query),
    );
  }

  getWebhookDelivery(context: CallContext, actor: Actor, id: string, deliveryId: string) {
    return this.#serve(context, "getWebhookDelivery", () =>
      getWebhookDelivery(dependenciesOf(this.env), actor, id, deliveryId),
    );
  }

  replayWebhookDelivery(context: CallContext, actor: Actor, id: string, deliveryId: string) {
    return this.#serve(context, "replayWebhookDelivery", () =>
      replayWebhookDelivery(dependenciesOf(this.env), actor, id, deliveryId),
    );
  }

  developmentOutbox(context: CallContext) {
    return this.#serve(context, "developmentOutbox", () => listOutbox(dependenciesOf(this.env)));
  }

  adminDeadLetters(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "adminDeadLetters", () => listDeadLetters(dependenciesOf(this.env), actor, query));
  }

  adminReplayDeadLetter(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "adminReplayDeadLetter", () => replayDeadLetter(dependenciesOf(this.env), actor, id));
  }

  metrics(context: CallContext) {
    return this.#serve(context, "metrics", () => getMetrics(dependenciesOf(this.env)));
  }

  health(context: CallContext) {
    return this.#serve(context, "health", () => checkHealth(dependenciesOf(this.env)));
  }

  #serve<Value>(context: CallContext, operation: string, work: () => Promise<Result<Value>>): Promise<Result<Value>> {
    return logCall(loggerOf(this.env), context, operation, work);
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

import { createExecutionContext, createMessageBatch, getQueueResult, type QueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import AnalyticsWorker from "../src/index.ts";

export interface Sent {
  readonly id: string;
  readonly body: unknown;
  readonly attempts?: number;
  readonly sentAgoMs?: number;
}

export interface Delivered extends QueueResult {
  /** Seconds until the next delivery of each retried message; the plugin's own result leaves them out. */
  readonly retryDelays: Readonly<Record<string, number | undefined>>;
}

/** Delivers one batch to the Worker as the queue would; `bindings` replaces some of its environment. */
export async function deliver(
  queue: string,
  sent: readonly Sent[],
  bindings: Partial<Cloudflare.Env> = {},
): Promise<Delivered> {
  const batch = createMessageBatch(
    queue,
    sent.map(({ id, body, attempts, sentAgoMs = 0 }) => ({
      id,
      body,
      attempts: attempts ?? 1,
      timestamp: new Date(Date.now() - sentAgoMs),
    })),
  );
  const retryDelays: Record<string, number | undefined> = {};
  for (const message of batch.messages) {
    const retry = message.retry.bind(message);
    message.retry = (options) => {
      retryDelays[message.id] = options?.delaySeconds;
      retry(options);
    };
  }
  const context = createExecutionContext();
  await new AnalyticsWorker(context, { ...env, ...bindings }).queue(batch);
  return { ...(await getQueueResult(batch, context)), retryDelays };
}

import type { Actor } from "@aggregator/contracts/actor";
import type { AnalyticsApi, UsageRowView } from "@aggregator/contracts/analytics";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Page } from "@aggregator/contracts/page";
import type { Answer } from "@aggregator/contracts/result";
import { WorkerEntrypoint } from "cloudflare:workers";
import { openDatabase } from "./db/client.ts";
import { type Env, loggerOf } from "./env.ts";
import { checkHealth } from "./operations/check-health.ts";
import { consumeDeadBatch } from "./operations/consume-dead-batch.ts";
import { consumeUsageBatch } from "./operations/consume-usage-batch.ts";
import { getUsage } from "./operations/get-usage.ts";

/** Counts what the accounts report and answers questions about it from rollups. */
export default class AnalyticsWorker extends WorkerEntrypoint<Env> implements AnalyticsApi {
  usage(_context: CallContext, actor: Actor, query: unknown): Answer<Page<UsageRowView>> {
    return getUsage(openDatabase(this.env.DB), actor, query, Date.now());
  }

  health(_context: CallContext): Answer<void> {
    return checkHealth(openDatabase(this.env.DB));
  }

  /** Consumer of `usage-events` and of its dead-letter queue. */
  override async queue(batch: MessageBatch): Promise<void> {
    const dependencies = { db: openDatabase(this.env.DB), log: loggerOf(this.env), nowMs: Date.now() };
    if (batch.queue === "usage-events-dead") await consumeDeadBatch(batch, dependencies);
    else await consumeUsageBatch(batch, dependencies);
  }
}

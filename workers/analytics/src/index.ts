import type { Actor } from "@aggregator/contracts/actor";
import type { AnalyticsApi } from "@aggregator/contracts/analytics";
import type { CallContext } from "@aggregator/contracts/call-context";
import { WorkerEntrypoint } from "cloudflare:workers";
import { openDatabase } from "./db/client.ts";
import { type Env, loggerOf } from "./env.ts";
import { checkHealth } from "./operations/check-health.ts";
import { consumeDeadBatch } from "./operations/consume-dead-batch.ts";
import { consumeUsageBatch } from "./operations/consume-usage-batch.ts";
import { exportUsage } from "./operations/export-usage.ts";
import { getPlatformUsage } from "./operations/get-platform-usage.ts";
import { getProviderLeague } from "./operations/get-provider-league.ts";
import { getPlatformUsageSummary, getUsageSummary } from "./operations/get-usage-summary.ts";
import { getUsage } from "./operations/get-usage.ts";
import { listDeadLetters } from "./operations/list-dead-letters.ts";
import { replayDeadLetter } from "./operations/replay-dead-letter.ts";
import { rollUpDays } from "./operations/roll-up-days.ts";

/** Counts what the accounts report and answers questions about it from rollups. */
export default class AnalyticsWorker extends WorkerEntrypoint<Env> implements AnalyticsApi {
  usage(_context: CallContext, actor: Actor, query: unknown) {
    return getUsage(openDatabase(this.env.DB), actor, query, Date.now());
  }

  usageCsv(_context: CallContext, actor: Actor, query: unknown) {
    return exportUsage(openDatabase(this.env.DB), actor, query, Date.now());
  }

  usageSummary(_context: CallContext, actor: Actor, query: unknown) {
    return getUsageSummary(openDatabase(this.env.DB), actor, query, Date.now());
  }

  adminUsage(_context: CallContext, actor: Actor, query: unknown) {
    return getPlatformUsage(openDatabase(this.env.DB), actor, query, Date.now());
  }

  adminUsageSummary(_context: CallContext, actor: Actor, query: unknown) {
    return getPlatformUsageSummary(openDatabase(this.env.DB), actor, query, Date.now());
  }

  adminProviderLeague(_context: CallContext, actor: Actor, query: unknown) {
    return getProviderLeague(openDatabase(this.env.DB), actor, query, Date.now());
  }

  adminDeadLetters(_context: CallContext, actor: Actor, query: unknown) {
    return listDeadLetters(openDatabase(this.env.DB), actor, query);
  }

  adminReplayDeadLetter(_context: CallContext, actor: Actor, id: string) {
    return replayDeadLetter(openDatabase(this.env.DB), actor, id, Date.now());
  }

  health(_context: CallContext) {
    return checkHealth(openDatabase(this.env.DB));
  }

  /** Consumer of `usage-events` and of its dead-letter queue. */
  override async queue(batch: MessageBatch): Promise<void> {
    const dependencies = { db: openDatabase(this.env.DB), log: loggerOf(this.env), nowMs: Date.now() };
    if (batch.queue === "usage-events-dead") await consumeDeadBatch(batch, dependencies);
    else await consumeUsageBatch(batch, dependencies);
  }

  /** Every few minutes: derives the days that have ended. */
  override async scheduled(controller: ScheduledController): Promise<void> {
    await rollUpDays(openDatabase(this.env.DB), controller.scheduledTime, loggerOf(this.env));
  }
}

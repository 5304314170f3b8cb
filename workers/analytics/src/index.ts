import type { Actor } from "@aggregator/contracts/actor";
import type { AnalyticsApi } from "@aggregator/contracts/analytics";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Result } from "@aggregator/contracts/result";
import { logCall } from "@aggregator/runtime/log-call";
import { WorkerEntrypoint } from "cloudflare:workers";
import { openDatabase } from "./db/client.ts";
import { forgetMetrics } from "./db/store-metrics.ts";
import { DAY_MS } from "./domain/calendar.ts";
import { contentBoxOf, type Env, loggerOf } from "./env.ts";
import { meterOf } from "./meter.ts";
import { checkHealth } from "./operations/check-health.ts";
import { consumeDeadBatch } from "./operations/consume-dead-batch.ts";
import { consumeMetricsBatch } from "./operations/consume-metrics-batch.ts";
import { consumeUsageBatch } from "./operations/consume-usage-batch.ts";
import { eraseContent } from "./operations/erase-content.ts";
import { exportUsage } from "./operations/export-usage.ts";
import { forgetUsage } from "./operations/forget-usage.ts";
import { getContentPolicy } from "./operations/get-content-policy.ts";
import { getMetrics } from "./operations/get-metrics.ts";
import { getProviderStatus } from "./operations/get-provider-status.ts";
import { getPlatformUsage } from "./operations/get-platform-usage.ts";
import { getProviderLeague } from "./operations/get-provider-league.ts";
import { getRequestContent } from "./operations/get-request-content.ts";
import { getPlatformUsageSummary, getUsageSummary } from "./operations/get-usage-summary.ts";
import { getUsage } from "./operations/get-usage.ts";
import { listDeadLetters } from "./operations/list-dead-letters.ts";
import { replayDeadLetter } from "./operations/replay-dead-letter.ts";
import { rollUpDays } from "./operations/roll-up-days.ts";
import { setContentPolicy } from "./operations/set-content-policy.ts";
import { sweepContent } from "./operations/sweep-content.ts";

/** Counts what the accounts report and answers questions about it from rollups. */
export default class AnalyticsWorker extends WorkerEntrypoint<Env> implements AnalyticsApi {
  usage(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "usage", () => getUsage(openDatabase(this.env.DB), actor, query, Date.now()));
  }

  usageCsv(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "usageCsv", () => exportUsage(openDatabase(this.env.DB), actor, query, Date.now()));
  }

  usageSummary(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "usageSummary", () =>
      getUsageSummary(openDatabase(this.env.DB), actor, query, Date.now()),
    );
  }

  adminUsage(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "adminUsage", () =>
      getPlatformUsage(openDatabase(this.env.DB), actor, query, Date.now()),
    );
  }

  adminUsageSummary(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "adminUsageSummary", () =>
      getPlatformUsageSummary(openDatabase(this.env.DB), actor, query, Date.now()),
    );
  }

  adminProviderLeague(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "adminProviderLeague", () =>
      getProviderLeague(openDatabase(this.env.DB), actor, query, Date.now()),
    );
  }

  adminDeadLetters(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "adminDeadLetters", () => listDeadLetters(openDatabase(this.env.DB), actor, query));
  }

  adminReplayDeadLetter(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "adminReplayDeadLetter", () =>
      replayDeadLetter(openDatabase(this.env.DB), actor, id, Date.now()),
    );
  }

  health(context: CallContext) {
    return this.#serve(context, "health", () => checkHealth(openDatabase(this.env.DB)));
  }

  providerStatus(context: CallContext) {
    return this.#serve(context, "providerStatus", () => getProviderStatus(openDatabase(this.env.DB), Date.now()));
  }

  adminForgetUsage(context: CallContext, actor: Actor, companyId: string) {
    return this.#serve(context, "adminForgetUsage", () => forgetUsage(openDatabase(this.env.DB), actor, companyId));
  }

  contentPolicy(context: CallContext, actor: Actor) {
    return this.#serve(context, "contentPolicy", () => getContentPolicy(openDatabase(this.env.DB), actor));
  }

  setContentPolicy(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "setContentPolicy", () =>
      setContentPolicy(openDatabase(this.env.DB), this.env.CONTENT, actor, input, Date.now()),
    );
  }

  eraseContent(context: CallContext, actor: Actor, companyId: string) {
    return this.#serve(context, "eraseContent", () =>
      eraseContent(openDatabase(this.env.DB), this.env.CONTENT, actor, companyId, Date.now()),
    );
  }

  requestContent(context: CallContext, actor: Actor, requestId: string) {
    return this.#serve(context, "requestContent", async () => {
      const dependencies = {
        db: openDatabase(this.env.DB),
        bucket: this.env.CONTENT,
        box: await contentBoxOf(this.env),
      };
      return getRequestContent(dependencies, actor, requestId, Date.now());
    });
  }

  metrics(context: CallContext) {
    return this.#serve(context, "metrics", () => getMetrics(openDatabase(this.env.DB), Date.now()));
  }

  #serve<Value>(context: CallContext, operation: string, work: () => Promise<Result<Value>>): Promise<Result<Value>> {
    return logCall(loggerOf(this.env), context, operation, work);
  }

  /** Consumer of `usage-events`, of its dead-letter queue and of `metrics`. */
  override async queue(batch: MessageBatch): Promise<void> {
    const dependencies = { db: openDatabase(this.env.DB), log: loggerOf(this.env), nowMs: Date.now() };
    if (batch.queue === "metrics") await consumeMetricsBatch(batch, dependencies);
    else if (batch.queue === "usage-events-dead") await consumeDeadBatch(batch, dependencies);
    else await consumeUsageBatch(batch, dependencies);
    const push = meterOf(this.env).noteBatch(batch, dependencies.nowMs);
    if (push !== null) this.ctx.waitUntil(push);
  }

  /** Every few minutes: derives the days that have ended, and forgets what is past its retention. */
  override async scheduled(controller: ScheduledController): Promise<void> {
    const db = openDatabase(this.env.DB);
    await rollUpDays(db, controller.scheduledTime, loggerOf(this.env));
    await sweepContent(db, this.env.CONTENT, controller.scheduledTime, loggerOf(this.env));
    await forgetMetrics(db, controller.scheduledTime - DAY_MS);
  }
}

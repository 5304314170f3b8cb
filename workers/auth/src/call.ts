import type { CallContext } from "@aggregator/contracts/call-context";
import type { NoticeMessage } from "@aggregator/contracts/notices";
import type { Logger } from "@aggregator/runtime/log";
import { newId } from "@aggregator/runtime/new-id";
import type { AttemptLimiter } from "./attempts/attempt-limiter.ts";
import { type Database, openDatabase } from "./db/client.ts";
import { type Config, configOf, type Env, loggerOf } from "./env.ts";

/** What an operation works with: who asked, the clock, the database. */
export interface Call {
  readonly context: CallContext;
  readonly config: Config;
  readonly db: Database;
  readonly attempts: DurableObjectNamespace<AttemptLimiter>;
  readonly notices: Queue<NoticeMessage>;
  readonly log: Logger;
  readonly nowMs: number;
  readonly newId: () => string;
  /** Work that the answer does not wait for. */
  readonly later: (work: Promise<unknown>) => void;
}

export function openCall(env: Env, context: CallContext, later: Call["later"]): Call {
  return {
    context,
    config: configOf(env),
    db: openDatabase(env.DB),
    attempts: env.ATTEMPTS,
    notices: env.NOTICES,
    log: loggerOf(env),
    nowMs: Date.now(),
    newId,
    later,
  };
}

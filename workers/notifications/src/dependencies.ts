import type { Logger } from "@aggregator/runtime/log";
import { createSecretBox, type SecretBox } from "@aggregator/runtime/secret-box";
import { type Database, openDatabase } from "./db/client.ts";
import type { DeliveryJob } from "./domain/delivery-job.ts";
import { type Config, configOf, type Env, loggerOf } from "./env.ts";

/** What operations work with; effects are here so that tests can choose them. */
export interface Dependencies {
  readonly db: Database;
  readonly config: Config;
  readonly log: Logger;
  readonly email: SendEmail;
  readonly deliveries: Pick<Queue<DeliveryJob>, "sendBatch">;
  readonly secrets: () => Promise<SecretBox>;
  readonly now: () => number;
}

/** The Worker's real dependencies. */
export function dependenciesOf(env: Env): Dependencies {
  const config = configOf(env);
  return {
    db: openDatabase(env.DB),
    config,
    log: loggerOf(env),
    email: env.EMAIL,
    deliveries: env.DELIVERIES,
    secrets: () => createSecretBox(config.MASTER_KEY),
    now: Date.now,
  };
}

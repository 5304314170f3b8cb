import type { CallContext } from "@aggregator/contracts/call-context";
import type { Logger } from "@aggregator/runtime/log";
import { newId } from "@aggregator/runtime/new-id";
import type { SecretBox } from "@aggregator/runtime/secret-box";
import { CatalogueCache } from "./catalogue-cache.ts";
import { type Database, openDatabase } from "./db/client.ts";
import { type Config, configOf, type Env, loggerOf, openSecretBox } from "./env.ts";
import { SecretCache } from "./secret-cache.ts";

/** What an operation works with: who asked, the clock, the database. */
export interface Call {
  readonly context: CallContext;
  readonly config: Config;
  readonly db: Database;
  readonly catalogue: CatalogueCache;
  /** One object per provider, by its slug. */
  readonly providerHealth: Env["PROVIDER_HEALTH"];
  readonly secrets: SecretCache;
  readonly secretBox: () => Promise<SecretBox>;
  readonly log: Logger;
  readonly nowMs: number;
  readonly newId: () => string;
}

const catalogue = new CatalogueCache();
const secrets = new SecretCache();

export function openCall(env: Env, context: CallContext): Call {
  return {
    context,
    config: configOf(env),
    db: openDatabase(env.DB),
    catalogue,
    providerHealth: env.PROVIDER_HEALTH,
    secrets,
    secretBox: () => openSecretBox(env),
    log: loggerOf(env),
    nowMs: Date.now(),
    newId,
  };
}

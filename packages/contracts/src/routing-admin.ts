import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** A name that clients may ask for, and the models that it stands for, in the order to try. */
export interface ModelAliasView {
  readonly id: string;
  readonly models: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
}

/** How operators steer requests. All need `actor.platformAdmin`; changes are in force within 5 s everywhere. */
export interface RoutingAdminApi {
  listModelAliases(context: CallContext, actor: Actor, query: unknown): Answer<Page<ModelAliasView>>;
  getModelAlias(context: CallContext, actor: Actor, id: string): Answer<ModelAliasView>;
  /** Makes or replaces it. `invalid_request` naming a model that is not there, `already_exists` for a model's id. */
  setModelAlias(context: CallContext, actor: Actor, id: string, input: unknown): Answer<ModelAliasView>;
  deleteModelAlias(context: CallContext, actor: Actor, id: string): Answer<void>;
}

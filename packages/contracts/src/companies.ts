import type { Actor } from "./actor.ts";
import type { CompanyView, SessionView } from "./auth.ts";
import type { CallContext } from "./call-context.ts";
import type { JsonObject } from "./json.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** A company as its settings show it: the same for each of its people. */
export interface CompanySettingsView extends Omit<CompanyView, "role"> {
  readonly revision: number;
}

/** A company as operators see it. */
export interface AdminCompanyView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly is_active: boolean;
  /** Why it is not. */
  readonly inactive_reason: "suspended" | "closed" | "erased" | null;
  readonly is_verified: boolean;
  readonly members: number;
  readonly revision: number;
  readonly created_at: string;
}

/** One change of state. */
export interface AuditEntryView {
  readonly id: string;
  readonly at: string;
  /** `resource.verb_in_past`, such as `api_key.created`. */
  readonly action: string;
  readonly target_id: string;
  /** An operator of the platform is shown without its name and address. */
  readonly actor: {
    readonly kind: "member" | "api_key" | "operator" | "system";
    readonly member_id: string | null;
    readonly key_id: string | null;
    readonly ip: string | null;
  };
  readonly request_id: string;
  /** Fields that changed, without secrets; null for what was made. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

export interface CompaniesApi {
  company(context: CallContext, actor: Actor): Answer<CompanySettingsView>;
  updateCompany(
    context: CallContext,
    actor: Actor,
    input: unknown,
    ifMatch: string | null,
  ): Answer<CompanySettingsView>;
  /** For a person with `company:close` and its password: sessions and keys end with it. `invalid_credentials`, `rate_limit_exceeded`. */
  closeCompany(context: CallContext, actor: Actor, input: unknown): Answer<void>;
  /** A session for another company that the asker is in; proves nothing again and lasts no longer than the one that asks. */
  switchCompany(context: CallContext, actor: Actor, credential: string, input: unknown): Answer<SessionView>;
  /** Needs `company:export`; writes that somebody took a copy. */
  startExport(context: CallContext, actor: Actor): Answer<CompanySettingsView>;

  /** Newest first; narrowed by `from`, `to`, `action`, `actor` and `target_id`. Needs `audit_log:read`. */
  listAuditLog(context: CallContext, actor: Actor, query: unknown): Answer<Page<AuditEntryView>>;
  /** As `listAuditLog`, in pages of 1,000. */
  exportAuditLog(context: CallContext, actor: Actor, query: unknown): Answer<Page<AuditEntryView>>;

  /** For operators, as all that follow. Newest first; `q` is compared literally with name, address and id. */
  adminListCompanies(context: CallContext, actor: Actor, query: unknown): Answer<Page<AdminCompanyView>>;
  adminGetCompany(context: CallContext, actor: Actor, id: string): Answer<AdminCompanyView>;
  /** `{ "reason" }`. In force on the next request of all its sessions and keys; a repeat answers alike. `conflict` for a closed one. */
  adminSuspendCompany(context: CallContext, actor: Actor, id: string, input: unknown): Answer<AdminCompanyView>;
  /** `{ "reason" }`. `conflict` for an erased one. */
  adminReactivateCompany(context: CallContext, actor: Actor, id: string, input: unknown): Answer<AdminCompanyView>;
  /** `{ "reason" }`. Removes what tells who somebody is, for good; `conflict` unless it is closed. */
  adminEraseCompany(context: CallContext, actor: Actor, id: string, input: unknown): Answer<AdminCompanyView>;
}

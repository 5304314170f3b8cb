import { WorkerEntrypoint } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { BillingApi } from "@aggregator/contracts/billing";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Env } from "./env.ts";
import { checkHealth } from "./operations/check-health.ts";
import { cancelRequest } from "./operations/cancel-request.ts";
import { getBalance } from "./operations/get-balance.ts";
import { getRequest } from "./operations/get-request.ts";
import { grantCredit } from "./operations/grant-credit.ts";
import { listRequests } from "./operations/list-requests.ts";
import { listTransactions } from "./operations/list-transactions.ts";
import { revokeKey } from "./operations/revoke-key.ts";

export { CompanyAccount } from "./account/company-account.ts";

/** Billing for the gateway; see `BillingApi` for what each method guarantees. */
export default class Billing extends WorkerEntrypoint<Env> implements BillingApi {
  async balance(_context: CallContext, actor: Actor) {
    return getBalance(this.env, actor);
  }
  async transactions(_context: CallContext, actor: Actor, query: unknown) {
    return listTransactions(this.env, actor, query);
  }
  async listRequests(_context: CallContext, actor: Actor, query: unknown) {
    return listRequests(this.env, actor, query);
  }
  async getRequest(_context: CallContext, actor: Actor, id: string) {
    return getRequest(this.env, actor, id);
  }
  async cancelRequest(_context: CallContext, actor: Actor, id: string) {
    return cancelRequest(this.env, actor, id);
  }
  async revokeKey(_context: CallContext, actor: Actor, keyId: string) {
    return revokeKey(this.env, actor, keyId);
  }
  async grantCredit(
    _context: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return grantCredit(this.env, actor, { companyId, input, idempotencyKey });
  }
  async health(_context: CallContext) {
    return checkHealth(this.env);
  }
}

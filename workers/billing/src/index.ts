import { WorkerEntrypoint } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { BillingApi } from "@aggregator/contracts/billing";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { KeyAccess } from "@aggregator/contracts/key-access";
import type { ReferralAttribution } from "@aggregator/contracts/payments";
import type { Env } from "./env.ts";
import { changeKeyAccess, resumeAccount, suspendAccount } from "./operations/account-access.ts";
import { checkHealth } from "./operations/check-health.ts";
import { cancelRequest } from "./operations/cancel-request.ts";
import { createBudget } from "./operations/create-budget.ts";
import { eraseAccount } from "./operations/erase-account.ts";
import { deleteBudget } from "./operations/delete-budget.ts";
import { getBalance } from "./operations/get-balance.ts";
import { getRequest } from "./operations/get-request.ts";
import { grantCredit } from "./operations/grant-credit.ts";
import { getBudget, listBudgets } from "./operations/list-budgets.ts";
import { listRequests } from "./operations/list-requests.ts";
import { listTransactions } from "./operations/list-transactions.ts";
import { getLowBalanceAlert, setLowBalanceAlert } from "./operations/low-balance-alert.ts";
import { retellUsage } from "./operations/retell-usage.ts";
import { tailRequests } from "./operations/tail-requests.ts";
import { revokeKey } from "./operations/revoke-key.ts";
import { runCron } from "./operations/run-cron.ts";
import { updateBudget } from "./operations/update-budget.ts";
import { getAutoTopup, setAutoTopup } from "./payments/auto-topup.ts";
import { createTopup } from "./payments/create-topup.ts";
import { getPayment, listPayments } from "./payments/list-payments.ts";
import { addPaymentMethod, listPaymentMethods, openPortal, removePaymentMethod } from "./payments/payment-methods.ts";
import { receiveStripeEvent } from "./payments/receive-stripe-event.ts";
import { refundPayment } from "./payments/refund-payment.ts";
import { setFxRate } from "./payments/set-fx-rate.ts";
import { listStripeFindings, reconcileDay } from "./payments/stripe-findings.ts";
import { createPlan } from "./plans/create-plan.ts";
import { getPlan, listAllPlans, listPlans } from "./plans/list-plans.ts";
import { archivePlan, updatePlan } from "./plans/update-plan.ts";
import { deleteMarkupOverride, listMarkupOverrides, setMarkupOverride } from "./pricing/markup-overrides.ts";
import { rerate } from "./pricing/rerate.ts";
import { auditAccount, unfreezeAccount } from "./reconciliation/audit-account.ts";
import { compareProviders, listProviderFindings } from "./reconciliation/providers/provider-findings.ts";
import { restoreLedger } from "./reconciliation/restore-ledger.ts";
import { listFindings, reconcileLedger } from "./reconciliation/ledger-findings.ts";
import { attributeReferral } from "./referrals/attribute-referral.ts";
import { listReferrals } from "./referrals/list-referrals.ts";
import { exportStatement } from "./statements/export-statement.ts";
import { getStatement, listStatements } from "./statements/get-statement.ts";
import { cancelSubscription } from "./subscriptions/cancel-subscription.ts";
import { changeSubscription } from "./subscriptions/change-subscription.ts";
import { getSubscription } from "./subscriptions/get-subscription.ts";
import { subscribe } from "./subscriptions/subscribe.ts";

export { CompanyAccount } from "./account/company-account.ts";
export { PaymentFlow } from "./workflows/payment-flow.ts";
export { SubscriptionFlow } from "./workflows/subscription-flow.ts";

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
  async tailRequests(_context: CallContext, actor: Actor, after: number | null) {
    return tailRequests(this.env, actor, after);
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
  async changeKeyAccess(_context: CallContext, access: KeyAccess) {
    return changeKeyAccess(this.env, access);
  }
  async suspendAccount(_context: CallContext, actor: Actor, companyId: string) {
    return suspendAccount(this.env, actor, companyId);
  }
  async resumeAccount(_context: CallContext, actor: Actor, companyId: string) {
    return resumeAccount(this.env, actor, companyId);
  }
  async eraseAccount(_context: CallContext, actor: Actor, companyId: string) {
    return eraseAccount(this.env, actor, companyId);
  }
  async grantCredit(
    { requestId }: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return grantCredit(this.env, actor, { companyId, input, idempotencyKey, requestId });
  }
  async ledgerFindings(_context: CallContext, actor: Actor, query: unknown) {
    return listFindings(this.env, actor, query);
  }
  async reconcileLedger({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return reconcileLedger(this.env, actor, { input, idempotencyKey, requestId });
  }
  async auditAccount(_context: CallContext, actor: Actor, companyId: string) {
    return auditAccount(this.env, actor, companyId);
  }
  async unfreezeAccount(
    { requestId }: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return unfreezeAccount(this.env, actor, companyId, { input, idempotencyKey, requestId });
  }
  async rerate(_context: CallContext, actor: Actor, input: unknown) {
    return rerate(this.env, actor, input);
  }
  async listMarkupOverrides(_context: CallContext, actor: Actor, query: unknown) {
    return listMarkupOverrides(this.env, actor, query);
  }
  async setMarkupOverride({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return setMarkupOverride(this.env, actor, input, { idempotencyKey, requestId });
  }
  async deleteMarkupOverride({ requestId }: CallContext, actor: Actor, query: unknown, idempotencyKey: string | null) {
    return deleteMarkupOverride(this.env, actor, query, { idempotencyKey, requestId });
  }
  async restoreLedger(
    { requestId }: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return restoreLedger(this.env, actor, companyId, input, { idempotencyKey, requestId });
  }
  async adminRetellUsage(_context: CallContext, actor: Actor, companyId: string) {
    return retellUsage(this.env, actor, companyId);
  }
  async listBudgets(_context: CallContext, actor: Actor, query: unknown) {
    return listBudgets(this.env, actor, query);
  }
  async getBudget(_context: CallContext, actor: Actor, id: string) {
    return getBudget(this.env, actor, id);
  }
  async createBudget({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return createBudget(this.env, actor, { input, idempotencyKey, requestId });
  }
  async updateBudget(
    { requestId }: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return updateBudget(this.env, actor, id, input, { idempotencyKey, requestId });
  }
  async deleteBudget({ requestId }: CallContext, actor: Actor, id: string, idempotencyKey: string | null) {
    return deleteBudget(this.env, actor, id, { idempotencyKey, requestId });
  }
  async lowBalanceAlert(_context: CallContext, actor: Actor) {
    return getLowBalanceAlert(this.env, actor);
  }
  async setLowBalanceAlert({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return setLowBalanceAlert(this.env, actor, input, { idempotencyKey, requestId });
  }
  async health(_context: CallContext) {
    return checkHealth(this.env);
  }
  async listPlans(_context: CallContext, actor: Actor, query: unknown) {
    return listPlans(this.env, actor, query);
  }
  async listAllPlans(_context: CallContext, actor: Actor, query: unknown) {
    return listAllPlans(this.env, actor, query);
  }
  async getPlan(_context: CallContext, actor: Actor, id: string) {
    return getPlan(this.env, actor, id);
  }
  async createPlan({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return createPlan(this.env, actor, { input, idempotencyKey, requestId });
  }
  async updatePlan(
    { requestId }: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return updatePlan(this.env, actor, id, input, { idempotencyKey, requestId });
  }
  async archivePlan({ requestId }: CallContext, actor: Actor, id: string, idempotencyKey: string | null) {
    return archivePlan(this.env, actor, id, { idempotencyKey, requestId });
  }
  async subscription(_context: CallContext, actor: Actor) {
    return getSubscription(this.env, actor);
  }
  async subscribe({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return subscribe(this.env, actor, { input, idempotencyKey, requestId });
  }
  async changeSubscription({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return changeSubscription(this.env, actor, { input, idempotencyKey, requestId });
  }
  async cancelSubscription({ requestId }: CallContext, actor: Actor, idempotencyKey: string | null) {
    return cancelSubscription(this.env, actor, { idempotencyKey, requestId });
  }
  async createTopup({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return createTopup(this.env, actor, { input, idempotencyKey, requestId });
  }
  async listPayments(_context: CallContext, actor: Actor, query: unknown) {
    return listPayments(this.env, actor, query);
  }
  async getPayment(_context: CallContext, actor: Actor, id: string) {
    return getPayment(this.env, actor, id);
  }
  async listPaymentMethods(_context: CallContext, actor: Actor) {
    return listPaymentMethods(this.env, actor);
  }
  async addPaymentMethod({ requestId }: CallContext, actor: Actor, idempotencyKey: string | null) {
    return addPaymentMethod(this.env, actor, { idempotencyKey, requestId });
  }
  async removePaymentMethod({ requestId }: CallContext, actor: Actor, id: string, idempotencyKey: string | null) {
    return removePaymentMethod(this.env, actor, id, { idempotencyKey, requestId });
  }
  async openPortal({ requestId }: CallContext, actor: Actor, idempotencyKey: string | null) {
    return openPortal(this.env, actor, { idempotencyKey, requestId });
  }
  async autoTopup(_context: CallContext, actor: Actor) {
    return getAutoTopup(this.env, actor);
  }
  async setAutoTopup({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return setAutoTopup(this.env, actor, { input, idempotencyKey, requestId });
  }
  async refundPayment(
    { requestId }: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return refundPayment(this.env, actor, { id, input, idempotencyKey, requestId });
  }
  async setFxRate(
    { requestId }: CallContext,
    actor: Actor,
    currency: string,
    input: unknown,
    idempotencyKey: string | null,
  ) {
    return setFxRate(this.env, actor, currency, input, { idempotencyKey, requestId });
  }
  async receiveStripeEvent(_context: CallContext, body: string, signature: string | null) {
    return receiveStripeEvent(this.env, body, signature);
  }
  async attributeReferral(_context: CallContext, attribution: ReferralAttribution) {
    return attributeReferral(this.env, attribution);
  }
  async referrals(_context: CallContext, actor: Actor, query: unknown) {
    return listReferrals(this.env, actor, query);
  }
  async listStatements(_context: CallContext, actor: Actor, query: unknown) {
    return listStatements(this.env, actor, query);
  }
  async getStatement(_context: CallContext, actor: Actor, month: string) {
    return getStatement(this.env, actor, month);
  }
  async exportStatement(_context: CallContext, actor: Actor, month: string, format: string) {
    return exportStatement(this.env, actor, month, format);
  }
  async stripeFindings(_context: CallContext, actor: Actor, query: unknown) {
    return listStripeFindings(this.env, actor, query);
  }
  async reconcileStripe({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return reconcileDay(this.env, actor, input, { idempotencyKey, requestId });
  }
  async providerFindings(_context: CallContext, actor: Actor, query: unknown) {
    return listProviderFindings(this.env, actor, query);
  }
  async reconcileProviders({ requestId }: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null) {
    return compareProviders(this.env, actor, input, { idempotencyKey, requestId });
  }
  override async scheduled({ cron, scheduledTime }: ScheduledController) {
    await runCron(this.env, cron, scheduledTime);
  }
}

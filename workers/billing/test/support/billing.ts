import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { BillingApi } from "@aggregator/contracts/billing";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { PaymentView } from "@aggregator/contracts/payments";
import type { Answer, ErrorValue } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { findCustomer, findPayment, type PaymentRow } from "../../src/db/payments.ts";
import type { Env } from "../../src/env.ts";
import Billing from "../../src/index.ts";
import { atStripe, eventsAbout, type SignedEvent } from "./stripe.ts";

export const USD = 1_000_000_000;
export const SIGNUP = 100 * USD;
export const db = openDatabase(env.DB);

/** The Worker as the gateway sees it: through its entrypoint, over RPC. */
export const billing = exports.default as unknown as BillingApi & { scheduled: Billing["scheduled"] };

/** The Worker with another environment; same isolate, same databases. */
export function billingWith(changes: Partial<Env>): BillingApi {
  const context = createExecutionContext();
  return new Billing(context, { ...env, ...changes });
}

/** For what is to time out: waits for Stripe for less than a second, where tests otherwise wait for long. */
export const IMPATIENT: Env = { ...env, STRIPE_TIMEOUT_MS: "500" };
export const impatient = billingWith(IMPATIENT);

export function aContext(): CallContext {
  return { requestId: newId(), traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", clientIp: null };
}

/** A member of a company that may read and manage its money. */
export function anActor(overrides: Partial<Actor> = {}): Actor {
  return {
    kind: "member",
    companyId: newId(),
    memberId: newId(),
    keyId: null,
    permissions: ["billing:read", "billing:manage", "referrals:read"],
    platformAdmin: false,
    ...overrides,
  };
}

export const operator = anActor({ platformAdmin: true });

export function accountOf(actor: Actor) {
  return env.COMPANY_ACCOUNT.getByName(actor.companyId);
}

export async function postedOf(actor: Actor): Promise<number> {
  return (await accountOf(actor).balance()).posted_nano_usd;
}

/** The ledger as pairs of kind and amount, oldest first. */
export async function ledgerOf(actor: Actor): Promise<[string, number][]> {
  const { data } = await accountOf(actor).transactions(100, undefined);
  return data.map(({ kind, amount_nano_usd }): [string, number] => [kind, amount_nano_usd]).toReversed();
}

/** The value of an answer that must be one. */
export async function valueOf<Value>(answer: Answer<Value>): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.message}`);
  return result.value;
}

/** The refusal of an answer that must be one. */
export async function refusalOf(answer: Answer<unknown>): Promise<ErrorValue> {
  const result = await answer;
  if (result.ok) throw new Error("was not refused");
  return result.error;
}

export async function paymentRow(id: string): Promise<PaymentRow> {
  const row = await findPayment(db, id);
  if (row === undefined) throw new Error("no such payment");
  return row;
}

/** Posts an event to the webhook as Stripe does. */
export function deliver(event: SignedEvent) {
  return billing.receiveStripeEvent(aContext(), event.body, event.signature);
}

/** Posts all events so far about an id, oldest first. */
export async function deliverAll(about: string): Promise<void> {
  for (const event of await eventsAbout({ about })) await valueOf(deliver(event));
}

/** Until everything that a payment's state entails is done; with `status`, that state. */
export async function applied(id: string, status?: string): Promise<PaymentRow> {
  return vi.waitFor(
    async () => {
      const row = await paymentRow(id);
      if (row.appliedRevision < row.revision) throw new Error(`${row.status}: its run is not over`);
      if (status !== undefined && row.status !== status) throw new Error(`still ${row.status}`);
      return row;
    },
    { timeout: 25_000, interval: 10 },
  );
}

/** Until every run that an event about an id has started is over: nothing then moves until something is told. */
export async function runsOver(about: string): Promise<void> {
  for (const event of await eventsAbout({ about })) {
    const run = await env.PAYMENT_FLOW.get((JSON.parse(event.body) as { id: string }).id);
    await until(async () => {
      const { status } = await run.status();
      if (status !== "complete") throw new Error(`its run is ${status}`);
    });
  }
}

/** Repeats an expectation until it is met: runs of flows take their time. */
export async function until(expectation: () => Promise<void>): Promise<void> {
  await vi.waitFor(expectation, { timeout: 25_000, interval: 10 });
}

export async function topUp(actor: Actor, amountNanoUsd: number, key: string | null = null): Promise<PaymentView> {
  return valueOf(billing.createTopup(aContext(), actor, { amount_nano_usd: amountNanoUsd }, key));
}

/** A top-up at Stripe's page, paid and credited, and no run of it is left that could still look at Stripe. */
export async function paidTopUp(actor: Actor, amountNanoUsd: number, fingerprint: string): Promise<PaymentRow> {
  const { id } = await topUp(actor, amountNanoUsd);
  const { checkoutSessionId } = await paymentRow(id);
  await atStripe("pay-session", { session: checkoutSessionId, fingerprint });
  await deliverAll(id);
  await runsOver(id);
  return applied(id, "paid");
}

/** The company's customer at Stripe; made now if it has none. */
export async function customerOf(actor: Actor): Promise<string> {
  await valueOf(billing.openPortal(aContext(), actor, null));
  return (await findCustomer(db, actor.companyId)) ?? "";
}

/** A card at Stripe that belongs to the company. */
export async function savedCard(actor: Actor, card: { fingerprint?: string; declines?: string } = {}): Promise<string> {
  return (await atStripe<{ id: string }>("save-card", { customer: await customerOf(actor), ...card })).id;
}

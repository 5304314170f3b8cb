import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import {
  accountOf,
  aContext,
  anActor,
  applied,
  billing,
  deliverAll,
  operator,
  paidTopUp,
  paymentRow,
  postedOf,
  refusalOf,
  savedCard,
  SIGNUP,
  until,
  USD,
  valueOf,
} from "../support/billing.ts";
import { aPlan, subscribeTo, untilSubscription } from "../support/plans.ts";
import { atStripe } from "../support/stripe.ts";

const today = () => new Date().toISOString().slice(0, 10);
const FP = "fp_reconciled";

async function compare() {
  return (await valueOf(billing.reconcileStripe(aContext(), operator, { day: today() }, null))).data;
}

async function findingsAbout(paymentId: string) {
  return (await compare()).filter((finding) => finding.payment_id === paymentId);
}

async function paid(amountUsd = 10) {
  const actor = anActor();
  const payment = await paidTopUp(actor, amountUsd * USD, FP);
  return { actor, payment, about: { payment_intent: payment.paymentIntentId } };
}

describe("the daily comparison with Stripe", () => {
  it("finds nothing where nothing differs: paid, refunded in part, refund failed, disputed, won, subscribed", async () => {
    const { actor, payment, about } = await paid();
    expect(await findingsAbout(payment.id)).toEqual([]);
    await valueOf(billing.refundPayment(aContext(), operator, payment.id, { amount_minor: 300 }, null));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 7 * USD));
    expect(await findingsAbout(payment.id)).toEqual([]);
    const refund = await atStripe<{ id: string }>("refund", { ...about, amount: 100 });
    await deliverAll(about.payment_intent ?? "");
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 6 * USD));
    await atStripe("fail-refund", { refund: refund.id });
    const dispute = await atStripe<{ id: string }>("dispute", { ...about, amount: 500 });
    await deliverAll(about.payment_intent ?? "");
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 2 * USD));
    expect(await findingsAbout(payment.id)).toEqual([]);
    await atStripe("close-dispute", { dispute: dispute.id, won: true });
    await deliverAll(about.payment_intent ?? "");
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 7 * USD));
    expect(await findingsAbout(payment.id)).toEqual([]);
    const subscriber = anActor();
    await subscribeTo(subscriber, await aPlan(), { payment_method: await savedCard(subscriber), pay_with: "card" });
    await untilSubscription(subscriber, { status: "active" });
    const [fee] = (await valueOf(billing.listPayments(aContext(), subscriber, {}))).data;
    expect(await findingsAbout(fee?.id ?? "")).toEqual([]);
  });

  it("a cent too many at Stripe is found, and named by company, payment and day", async () => {
    const { actor, payment, about } = await paid();
    await atStripe("alter-transaction", { ...about, by: 1 });
    expect(await findingsAbout(payment.id)).toMatchObject([
      {
        kind: "amount_differs",
        day: today(),
        company_id: actor.companyId,
        currency: "usd",
        expected_minor: 1_000,
        found_minor: 1_001,
      },
    ]);
  });

  it.each([1, -1])("a nano-USD too many in the ledger (%d) is found", async (planted) => {
    const { actor, payment, about } = await paid();
    await runInDurableObject(accountOf(actor), (_account, state) => {
      const series = `credit/${about.payment_intent ?? ""}`;
      state.storage.sql.exec("UPDATE movement SET total = total + ? WHERE series = ?", planted, series);
    });
    expect(await findingsAbout(payment.id)).toMatchObject([{ kind: "not_credited", company_id: actor.companyId }]);
  });

  it("what we booked and Stripe never moved is found", async () => {
    const { actor, payment, about } = await paid();
    await atStripe("drop-transactions", about);
    expect(await findingsAbout(payment.id)).toMatchObject([
      { kind: "missing_at_stripe", company_id: actor.companyId, expected_minor: 1_000, found_minor: 0 },
    ]);
  });

  it("what Stripe moved and we know nothing of is found", async () => {
    const moved = await atStripe<{ id: string }>("move-unknown", { amount: 321 });
    expect((await compare()).filter(({ reference }) => reference === moved.id)).toMatchObject([
      { kind: "unknown_payment", company_id: null, payment_id: null, expected_minor: 0, found_minor: 321 },
    ]);
  });

  it("a refund of which no event came is found with its company, and made good", async () => {
    const { actor, payment, about } = await paid();
    await atStripe("refund", { ...about, amount: 400 });
    expect(await findingsAbout(payment.id)).toMatchObject([
      { kind: "amount_differs", company_id: actor.companyId, expected_minor: 0, found_minor: 400 },
    ]);
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 6 * USD));
    await applied(payment.id);
    expect(await findingsAbout(payment.id)).toEqual([]);
  });

  it("a payment about midnight by our clock is not missing: it is in the other day's transactions", async () => {
    const { payment } = await paid();
    await env.DB.prepare("UPDATE payments SET paid_at_ms = paid_at_ms - 86400000 WHERE id = ?").bind(payment.id).run();
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const found = await valueOf(billing.reconcileStripe(aContext(), operator, { day: yesterday }, null));
    expect(found.data.filter(({ payment_id }) => payment_id === payment.id)).toEqual([]);
  });

  it("runs by the daily trigger for the day before, and its findings are kept and listed, once", async () => {
    const { payment, about } = await paid();
    await atStripe("alter-transaction", { ...about, by: 7 });
    const tomorrow = Date.now() + 86_400_000;
    const trigger = { cron: "17 3 * * *", scheduledTime: tomorrow, noRetry: () => undefined };
    await billing.scheduled(trigger);
    await billing.scheduled(trigger);
    const listed = (await valueOf(billing.stripeFindings(aContext(), operator, { limit: "100" }))).data;
    const ours = listed.filter((finding) => finding.payment_id === payment.id);
    expect(ours).toMatchObject([{ kind: "amount_differs", found_minor: 1_007 }]);
    expect((await paymentRow(payment.id)).status).toBe("paid");
  });

  it("belongs to operators; a day that is none is refused by name", async () => {
    const [actor, context] = [anActor(), aContext()];
    expect((await refusalOf(billing.stripeFindings(context, actor, {}))).code).toBe("permission_denied");
    expect((await refusalOf(billing.reconcileStripe(context, actor, { day: today() }, null))).code).toBe(
      "permission_denied",
    );
    for (const day of ["2026-02-30", "yesterday", "", null]) {
      expect(await refusalOf(billing.reconcileStripe(context, operator, { day }, null))).toMatchObject({
        param: "day",
      });
    }
  });
});

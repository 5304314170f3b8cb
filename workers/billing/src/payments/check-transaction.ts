import type { Stripe } from "stripe";
import type { Database } from "../db/client.ts";
import { findMovement, findPaymentByIntent, type PaymentRow } from "../db/payments.ts";
import type { FindingRow } from "../db/statements.ts";

export type Finding = Omit<FindingRow, "id" | "day" | "createdAtMs">;

export interface CheckedTransaction {
  /** The payment that it moved money of, where it is one of ours. */
  readonly payment: PaymentRow | null;
  readonly isCharge: boolean;
  readonly finding: Finding | null;
}

const NOT_OURS: CheckedTransaction = { payment: null, isCharge: false, finding: null };

/** One movement of Stripe's balance against what we know of the object that moved it. Payouts, fees and the like are not payments. */
export async function checkTransaction(
  db: Database,
  transaction: Stripe.BalanceTransaction,
): Promise<CheckedTransaction> {
  const { source } = transaction;
  if (source === null || typeof source === "string") return NOT_OURS;
  if (source.object !== "charge" && source.object !== "refund" && source.object !== "dispute") return NOT_OURS;
  const isCharge = source.object === "charge";
  const intent = source.payment_intent;
  const intentId = typeof intent === "string" ? intent : (intent?.id ?? "");
  const payment = (await findPaymentByIntent(db, intentId)) ?? null;
  const found = amountOf(transaction, source);
  const about = { reference: transaction.id, ...found };
  if (payment === null) return { payment, isCharge, finding: { ...about, ...UNKNOWN } };
  const expectedMinor = isCharge ? chargedMinor(payment) : ((await findMovement(db, source.id))?.amountMinor ?? 0);
  const isSame = expectedMinor === found.foundMinor && found.currency === payment.currency;
  const { companyId, id: paymentId } = payment;
  const finding = isSame ? null : { ...about, kind: "amount_differs" as const, companyId, paymentId, expectedMinor };
  return { payment, isCharge, finding };
}

const UNKNOWN = { kind: "unknown_payment", companyId: null, paymentId: null, expectedMinor: 0 } as const;

/** In the currency that was paid; a balance kept in another one moves by Stripe's own rate, which we have no book of. */
function amountOf(
  transaction: Stripe.BalanceTransaction,
  source: { readonly amount: number; readonly currency: string },
): Pick<Finding, "foundMinor" | "currency"> {
  return transaction.currency === source.currency
    ? { foundMinor: Math.abs(transaction.amount), currency: transaction.currency }
    : { foundMinor: source.amount, currency: source.currency };
}

function chargedMinor(payment: PaymentRow): number {
  return payment.status === "paid" ? payment.amountMinor : 0;
}

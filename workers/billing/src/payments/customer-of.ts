import type { Database } from "../db/client.ts";
import { findCustomer, insertCustomer } from "../db/payments.ts";
import type { StripeAccess } from "./stripe-client.ts";

/** The company's customer at Stripe, made on first use; one however often and from where this is called. */
export async function customerOf(db: Database, stripe: StripeAccess, companyId: string): Promise<string> {
  const known = await findCustomer(db, companyId);
  if (known !== null) return known;
  const created = await stripe.client.customers.create(
    { metadata: { company_id: companyId } },
    { idempotencyKey: `customer-${companyId}` },
  );
  await insertCustomer(db, companyId, created.id);
  return (await findCustomer(db, companyId)) ?? created.id;
}

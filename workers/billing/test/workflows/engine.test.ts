import { introspectWorkflowInstance } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { anActor, applied, deliver, ledgerOf, paymentRow, SIGNUP, topUp, USD } from "../support/billing.ts";
import { atStripe, eventsAbout } from "../support/stripe.ts";

const STEPS = [
  "read the payment at Stripe",
  "credit the account",
  "settle the commission",
  "tell the company",
  "close the run",
];

it.each(STEPS)("on the platform's own engine: '%s' fails twice, and the flow ends as if it had not", async (name) => {
  const actor = anActor();
  const { id } = await topUp(actor, 10 * USD);
  await atStripe("pay-session", { session: (await paymentRow(id)).checkoutSessionId });
  const [event] = await eventsAbout({ about: id });
  if (event === undefined) throw new Error("Stripe told nothing");
  const { id: instanceId } = JSON.parse(event.body) as { id: string };
  await using instance = await introspectWorkflowInstance(env.PAYMENT_FLOW, instanceId);
  await instance.modify(async (modifier) => {
    await modifier.disableRetryDelays();
    await modifier.mockStepError({ name }, new Error("broken"), 2);
  });
  await deliver(event);
  await instance.waitForStatus("complete");
  await applied(id, "paid");
  expect(await ledgerOf(actor)).toEqual([
    ["signup", SIGNUP],
    ["credit", 10 * USD],
  ]);
});

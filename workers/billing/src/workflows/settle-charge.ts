import type { WorkflowStep } from "cloudflare:workers";
import { openDatabase } from "../db/client.ts";
import { type ChargeRow, findCharge, moveCharge } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { notifyPayment } from "../payments/notify.ts";
import { activateCharge } from "../subscriptions/activate-charge.ts";
import { failCharge } from "../subscriptions/fail-charge.ts";
import { giveBackCharge } from "../subscriptions/give-back-charge.ts";
import { grantIncluded } from "../subscriptions/grant-included.ts";
import { type ChargeOutcome, payCharge } from "../subscriptions/pay-charge.ts";
import { tellAccount } from "../subscriptions/tell-account.ts";
import { runRefusable, runStep } from "./run-step.ts";

/**
 * charge → activate → grant → put in force, for one charge of a subscription. What cannot be completed is
 * compensated: the money goes back and the subscription ends. Shared by the flow that starts a
 * charge and the one that hears from Stripe about it; both may run at once.
 */
export async function settleCharge(env: Env, step: WorkflowStep, chargeId: string): Promise<void> {
  const outcome = await runStep(step, "take the fee", async () => ({
    ...(await payCharge(env, await chargeOf(env, chargeId))),
  }));
  switch (outcome.status) {
    case "waiting":
    case "closed":
      return;
    case "failed":
      return abandonCharge(env, step, chargeId, outcome);
    case "paid":
      return useCharge(env, step, chargeId);
  }
}

async function useCharge(env: Env, step: WorkflowStep, chargeId: string): Promise<void> {
  const state = await runStep(step, "activate the period", async () =>
    activateCharge(env, await chargeOf(env, chargeId)),
  );
  const refused =
    state === "superseded"
      ? "superseded"
      : await runRefusable(step, "grant the included credit", async () =>
          grantIncluded(env, await chargeOf(env, chargeId)),
        );
  if (refused !== null) {
    await runStep(step, "give the fee back", async () => {
      await giveBackCharge(env, await chargeOf(env, chargeId));
      return null;
    });
  }
  await runStep(step, "put the plan in force", async () => {
    const charge = await chargeOf(env, chargeId);
    await tellAccount(env, charge.companyId);
    if (refused === null) await moveCharge(openDatabase(env.DB), chargeId, "paid", { status: "applied" }, Date.now());
    return null;
  });
}

async function abandonCharge(
  env: Env,
  step: WorkflowStep,
  chargeId: string,
  outcome: Extract<ChargeOutcome, { status: "failed" }>,
): Promise<void> {
  await runStep(step, "keep the old plan", async () => {
    const charge = await chargeOf(env, chargeId);
    await failCharge(env, charge, outcome.code, Date.now());
    await tellAccount(env, charge.companyId);
    return null;
  });
  await runStep(step, "tell the company that its fee failed", async () => {
    const charge = await chargeOf(env, chargeId);
    const data = {
      payment_id: charge.paymentId ?? charge.id,
      amount_nano_usd: charge.amountNanoUsd,
      reason: outcome.code,
    };
    await notifyPayment(env, charge.companyId, `fee-failed/${charge.id}`, { kind: "payment_failed", data });
    return null;
  });
}

async function chargeOf(env: Env, id: string): Promise<ChargeRow> {
  const charge = await findCharge(openDatabase(env.DB), id);
  if (charge === undefined) throw new Error("no such charge");
  return charge;
}

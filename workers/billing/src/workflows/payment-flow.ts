import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { settlePayment } from "./settle-payment.ts";

export interface PaymentFlowInput {
  readonly paymentId: string;
}

/** pay → credit → commission → notice, for one payment; see `settlePayment` for the steps and their compensation. */
export class PaymentFlow extends WorkflowEntrypoint<Env, PaymentFlowInput> {
  override async run(event: Readonly<WorkflowEvent<PaymentFlowInput>>, step: WorkflowStep): Promise<void> {
    await settlePayment(this.env, step, event.payload.paymentId);
  }
}

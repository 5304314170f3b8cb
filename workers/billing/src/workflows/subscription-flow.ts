import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { settleCharge } from "./settle-charge.ts";

export interface SubscriptionFlowInput {
  readonly chargeId: string;
}

/** subscribe → charge → grant, for one charge; see `settleCharge` for the steps and their compensation. */
export class SubscriptionFlow extends WorkflowEntrypoint<Env, SubscriptionFlowInput> {
  override async run(event: Readonly<WorkflowEvent<SubscriptionFlowInput>>, step: WorkflowStep): Promise<void> {
    await settleCharge(this.env, step, event.payload.chargeId);
  }
}

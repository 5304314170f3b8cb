import type { Plan, PlanErrorCode, PlanRequest } from "@aggregator/contracts/orchestrator";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { HealthReport, HealthSnapshot } from "@aggregator/contracts/provider-health";
import { err, ok, type ErrorValue, type Result } from "@aggregator/contracts/result";
import { WorkerEntrypoint } from "cloudflare:workers";

/** Gives the plan that a test left with the company's account double; any other model is unknown. */
export class OrchestratorDouble extends WorkerEntrypoint {
  async plan(
    _context: CallContext,
    request: PlanRequest,
  ): Promise<Result<Plan, ErrorValue & { readonly code: PlanErrorCode }>> {
    const model = request.models[0] ?? "";
    if (model === "slow") await new Promise((resolve) => setTimeout(resolve, 5_000));
    if (model === "broken") throw new Error("no database");
    const plan = await this.env.COMPANY_ACCOUNT.getByName(request.companyId).takePlan(request);
    return plan === null ? err("model_not_found", `The model ${model} does not exist.`) : ok(plan);
  }

  /** Remembers the report; answers the snapshot that a test left. */
  async reportHealth(_context: CallContext, report: HealthReport): Promise<Result<HealthSnapshot>> {
    reports.push(report);
    if (isUnreachable) throw new Error("no answer");
    return ok(snapshot);
  }

  async healthReports(): Promise<readonly HealthReport[]> {
    return reports;
  }

  /** What reports are answered from now on; null: they fail. Forgets those that came. */
  async scriptHealth(next: HealthSnapshot | null): Promise<void> {
    reports = [];
    isUnreachable = next === null;
    snapshot = next ?? snapshot;
  }
}

let reports: HealthReport[] = [];
let isUnreachable = false;
let snapshot: HealthSnapshot = { endpoints: [], credentials: [] };

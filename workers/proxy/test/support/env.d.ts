import type { CompanyAccountDouble } from "./company-account-double.ts";
import type { OrchestratorDouble } from "./orchestrator-double.ts";
import type * as worker from "./worker.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof worker;
    }
    interface Env {
      readonly PROVIDER_URL: string;
      readonly COMPANY_ACCOUNT: DurableObjectNamespace<CompanyAccountDouble>;
      readonly ORCHESTRATOR: Service<OrchestratorDouble>;
    }
  }
}

/** The Worker under test with doubles of what it is bound to, in one script. */
export { default } from "../../src/index.ts";
export { CompanyAccountDouble } from "./company-account-double.ts";
export { OrchestratorDouble } from "./orchestrator-double.ts";

import type { WorkerName } from "../workers.ts";

/** What one Worker may reach. No other edge exists (design.md, "Workers"). */
export interface Edges {
  /** Workers called over a service binding. */
  readonly calls: readonly WorkerName[];
  /** Durable Objects of other Workers, as `worker/Class`. */
  readonly objects: readonly string[];
  readonly sendsTo: readonly string[];
  readonly consumes: readonly string[];
}

/** The whole graph of the platform: requests go one way, and what nobody waits for goes by queue. */
export const EDGES: Readonly<Record<WorkerName, Edges>> = {
  gateway: {
    calls: ["auth", "proxy", "billing", "orchestrator", "analytics", "notifications"],
    objects: [],
    sendsTo: ["metrics"],
    consumes: [],
  },
  auth: { calls: [], objects: [], sendsTo: ["notices"], consumes: [] },
  proxy: { calls: ["orchestrator"], objects: ["billing/CompanyAccount"], sendsTo: ["metrics"], consumes: [] },
  orchestrator: { calls: [], objects: [], sendsTo: ["notices"], consumes: [] },
  billing: { calls: [], objects: [], sendsTo: ["usage-events", "notices", "metrics"], consumes: [] },
  analytics: { calls: [], objects: [], sendsTo: [], consumes: ["usage-events", "usage-events-dead", "metrics"] },
  notifications: {
    calls: [],
    objects: [],
    sendsTo: ["deliveries"],
    consumes: ["notices", "notices-dead", "deliveries"],
  },
};

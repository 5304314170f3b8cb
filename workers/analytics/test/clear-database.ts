import { env } from "cloudflare:workers";

/** Empties every table and forgets how far days were derived. */
export async function clearDatabase(): Promise<void> {
  await env.DB.batch(
    [
      "DELETE FROM usage_hourly",
      "DELETE FROM usage_daily",
      "DELETE FROM platform_daily",
      "DELETE FROM dead_letters",
      "DELETE FROM metric_counters",
      "DELETE FROM provider_traffic",
      "DELETE FROM metric_gauges",
      "DELETE FROM metric_pushes",
      "DELETE FROM content_policies",
      "UPDATE rollup_state SET maintained_through_ms = 0, readable_through_ms = 0, company_cursor = ''",
    ].map((statement) => env.DB.prepare(statement)),
  );
}

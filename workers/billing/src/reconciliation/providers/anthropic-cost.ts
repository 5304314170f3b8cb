import { z } from "zod";
import type { ReportSource } from "../../env.ts";
import { nanoOf, ReportedAmount, sumPages } from "./fetch-report.ts";

const DAY_MS = 86_400_000;
const CENTS_PER_USD = 100;
const Costs = z.object({
  data: z.array(z.object({ results: z.array(z.object({ amount: ReportedAmount, currency: z.literal("USD") })) })),
  has_more: z.boolean(),
  next_page: z.string().nullish(),
});

/** What Anthropic billed the organization for a day, told in cents; without its priority tier. https://platform.claude.com/docs/en/api/admin/cost_report/retrieve */
export async function anthropicCost(source: ReportSource, day: string): Promise<number> {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const query = {
    starting_at: new Date(startMs).toISOString(),
    ending_at: new Date(startMs + DAY_MS).toISOString(),
    bucket_width: "1d",
  };
  const headers = { "x-api-key": source.key, "anthropic-version": "2023-06-01" };
  const cents = await sumPages(source, { path: "/v1/organizations/cost_report", query, headers }, Costs, ({ data }) =>
    data.flatMap(({ results }) => results).reduce((sum, { amount }) => sum + amount, 0),
  );
  return nanoOf(cents / CENTS_PER_USD);
}

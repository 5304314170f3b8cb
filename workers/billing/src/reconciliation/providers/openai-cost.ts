import { z } from "zod";
import type { ReportSource } from "../../env.ts";
import { fetchReport, nanoOf, ReportedUsd } from "./fetch-report.ts";

const DAY_SECONDS = 86_400;
const MAX_PAGES = 50;

const Costs = z.object({
  data: z.array(
    z.object({
      results: z.array(z.object({ amount: z.object({ value: ReportedUsd, currency: z.literal("usd") }) })),
    }),
  ),
  has_more: z.boolean(),
  next_page: z.string().nullish(),
});

/** What OpenAI billed the organization for a day. https://platform.openai.com/docs/api-reference/usage/costs */
export async function openAiCost(source: ReportSource, day: string): Promise<number> {
  const start = Date.parse(`${day}T00:00:00Z`) / 1000;
  const span = { start_time: String(start), end_time: String(start + DAY_SECONDS), bucket_width: "1d" };
  let usd = 0;
  let page: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query: Record<string, string> = page === null ? span : { ...span, page };
    const costs: z.infer<typeof Costs> = await fetchReport(source, "/organization/costs", query, Costs);
    for (const { results } of costs.data) usd += results.reduce((sum, { amount }) => sum + amount.value, 0);
    page = costs.has_more ? (costs.next_page ?? null) : null;
    if (page === null) return nanoOf(usd);
  }
  throw new Error("the report has no end");
}

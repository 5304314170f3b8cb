import { z } from "zod";
import type { ReportSource } from "../../env.ts";
import { nanoOf, ReportedAmount, sumPages } from "./fetch-report.ts";

const DAY_SECONDS = 86_400;
const Amount = z.object({ value: ReportedAmount, currency: z.literal("usd") });
const Costs = z.object({
  data: z.array(z.object({ results: z.array(z.object({ amount: Amount })) })),
  has_more: z.boolean(),
  next_page: z.string().nullish(),
});

/** What OpenAI billed the organization for a day. https://platform.openai.com/docs/api-reference/usage/costs */
export async function openAiCost(source: ReportSource, day: string): Promise<number> {
  const start = Date.parse(`${day}T00:00:00Z`) / 1000;
  const query = { start_time: String(start), end_time: String(start + DAY_SECONDS), bucket_width: "1d" };
  const headers = { authorization: `Bearer ${source.key}` };
  const usd = await sumPages(source, { path: "/organization/costs", query, headers }, Costs, ({ data }) =>
    data.flatMap(({ results }) => results).reduce((sum, { amount }) => sum + amount.value, 0),
  );
  return nanoOf(usd);
}

import { z } from "zod";
import type { ReportSource } from "../../env.ts";
import { fetchReport, nanoOf, ReportedAmount } from "./fetch-report.ts";

const Activity = z.object({ data: z.array(z.object({ date: z.string(), usage: ReportedAmount })) });

/**
 * What OpenRouter took of the account's credits on a day; it tells of completed UTC days of the last thirty.
 * https://openrouter.ai/docs/api/api-reference/analytics/get-user-activity
 */
export async function openRouterCost(source: ReportSource, day: string): Promise<number> {
  const headers = { authorization: `Bearer ${source.key}` };
  const { data } = await fetchReport(source, { path: "/activity", query: { date: day }, headers }, Activity);
  // Dates may carry a time of day.
  const ofDay = data.filter(({ date }) => date.startsWith(day));
  return nanoOf(ofDay.reduce((sum, { usage }) => sum + usage, 0));
}

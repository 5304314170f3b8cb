import { z } from "zod";
import type { ReportSource } from "../../env.ts";

const NANO_PER_USD = 1_000_000_000;
/** Longer than a report takes; a slow one is compared the next day. */
const TIMEOUT_MS = 10_000;
const MAX_PAGES = 50;

/** An amount as reports give it: a number, or a decimal in a text. Not exact, which the tolerance of the comparison allows for. */
export const ReportedAmount = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(?:\.\d+)?$/)
    .transform(Number),
]);

export interface ReportRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** One page of a report that may have more. */
interface ReportPage {
  readonly has_more: boolean;
  readonly next_page?: string | null | undefined;
}

/** Asks a provider for its report. Throws for any answer but the one that is documented. */
export async function fetchReport<Report>(
  { apiBase }: ReportSource,
  { path, query, headers }: ReportRequest,
  schema: z.ZodType<Report>,
): Promise<Report> {
  const response = await fetch(`${apiBase}${path}?${new URLSearchParams(query).toString()}`, {
    headers: { ...headers, accept: "application/json" },
    // The key goes to the host that it is configured for and to no other.
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the report answered ${response.status}`);
  }
  return schema.parse(await response.json());
}

/** What all pages of a report add up to, each counted by `amountOf`. A part of a report is none: throws. */
export async function sumPages<Report extends ReportPage>(
  source: ReportSource,
  request: ReportRequest,
  schema: z.ZodType<Report>,
  amountOf: (page: Report) => number,
): Promise<number> {
  let sum = 0;
  let query = request.query;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await fetchReport(source, { ...request, query }, schema);
    sum += amountOf(page);
    if (!page.has_more) return sum;
    if (page.next_page === null || page.next_page === undefined) throw new Error("the report breaks off");
    query = { ...request.query, page: page.next_page };
  }
  throw new Error("the report has no end");
}

export function nanoOf(usd: number): number {
  return Math.round(usd * NANO_PER_USD);
}

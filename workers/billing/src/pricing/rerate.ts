import type { Actor } from "@aggregator/contracts/actor";
import type { Page } from "@aggregator/contracts/page";
import type { RerateView } from "@aggregator/contracts/pricing";
import { type Answer, ok } from "@aggregator/contracts/result";
import { addNanoUsd } from "@aggregator/money/nano-usd";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { RerateSum } from "../account/rerate-requests.ts";
import { openDatabase } from "../db/client.ts";
import { listCompaniesWithTotals } from "../db/ledger.ts";
import { dayOf } from "../domain/day-total.ts";
import type { PriceBook } from "../domain/price-book.ts";
import type { Env } from "../env.ts";
import { RerateInput } from "./rerate-input.ts";

/** Stretches of requests rated in one call. */
export const MAX_STRETCHES = 5;
/** Longer than any request runs: what began at the end of the period was charged by then. */
const DAY_MS = 86_400_000;

/** A company, and the request in it to go on after; "" for what comes after the company. */
const Position = z.tuple([z.string(), z.string()]);
type Position = z.infer<typeof Position>;

interface Rated {
  readonly sum: Omit<RerateSum, "lastId">;
  readonly lastId: string | null;
  readonly stretches: number;
}

/**
 * Rates the requests that began in a period under another price book, company by company, and says what each was
 * charged, would have been, and the difference. Changes nothing. Bounded: a company that does not fit into one
 * answer goes on in the next page. Platform admins only.
 */
export async function rerate(env: Env, actor: Actor, input: unknown): Answer<Page<RerateView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(RerateInput, input);
  if (!parsed.ok) return parsed;
  const { price_book, limit, cursor } = parsed.value;
  const book: PriceBook = { prices: price_book.prices, markupBps: price_book.markup_bps ?? null };
  const [company, request] = positionOf(cursor);
  const companies = await companiesOf(env, parsed.value, company, limit + 1);
  const resumed = request === "" ? companies : [company, ...companies];
  const data: RerateView[] = [];
  let left = MAX_STRETCHES;
  for (const [index, companyId] of resumed.slice(0, limit).entries()) {
    const after = index === 0 ? request : "";
    const rated = await rateCompany(env, companyId, { input: parsed.value, book, after, atMost: left });
    if (!rated.ok) return rated;
    const { sum, lastId, stretches } = rated.value;
    left -= stretches;
    if (sum.requests > 0) data.push(viewOf(companyId, sum, lastId === null));
    if (lastId !== null) return ok({ data, nextCursor: cursorAt([companyId, lastId]) });
    const isLast = index === resumed.length - 1;
    if (left === 0 && !isLast) return ok({ data, nextCursor: cursorAt([companyId, ""]) });
  }
  const last = resumed[limit - 1];
  return ok({ data, nextCursor: resumed.length > limit && last !== undefined ? cursorAt([last, ""]) : null });
}

async function rateCompany(
  env: Env,
  companyId: string,
  run: { readonly input: RerateInput; readonly book: PriceBook; readonly after: string; readonly atMost: number },
): Answer<Rated> {
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  const { from: fromMs, to: toMs } = run.input;
  let sum: Rated["sum"] = { requests: 0, rated: 0, chargedNanoUsd: 0, ratedNanoUsd: 0 };
  let after: string | null = run.after;
  let stretches = 0;
  while (after !== null && stretches < run.atMost) {
    const next = await account.rerate({ fromMs, toMs, after }, run.book);
    if (!next.ok) return next;
    sum = added(sum, next.value);
    after = next.value.lastId;
    stretches += 1;
  }
  return ok({ sum, lastId: after, stretches });
}

/** Exact; RangeError beyond the range, and nothing is answered. */
function added(a: Rated["sum"], b: Rated["sum"]): Rated["sum"] {
  return {
    requests: a.requests + b.requests,
    rated: a.rated + b.rated,
    chargedNanoUsd: addNanoUsd(a.chargedNanoUsd, b.chargedNanoUsd),
    ratedNanoUsd: addNanoUsd(a.ratedNanoUsd, b.ratedNanoUsd),
  };
}

/** Companies with entries about the period, by id. Others have no account, and asking one would open it. */
async function companiesOf(env: Env, input: RerateInput, after: string, limit: number): Promise<string[]> {
  const days = { from: dayOf(input.from), to: dayOf(input.to + DAY_MS) };
  return listCompaniesWithTotals(openDatabase(env.DB), days, { after, limit, among: input.company_ids ?? null });
}

function viewOf(companyId: string, sum: Rated["sum"], isComplete: boolean): RerateView {
  return {
    company_id: companyId,
    requests: sum.requests,
    rated_requests: sum.rated,
    charged_nano_usd: sum.chargedNanoUsd,
    rated_nano_usd: sum.ratedNanoUsd,
    difference_nano_usd: sum.ratedNanoUsd - sum.chargedNanoUsd,
    is_complete: isComplete,
  };
}

function cursorAt(position: Position): string {
  return encodeCursor(position);
}

/** The beginning for a cursor that is not one of ours. */
function positionOf(cursor: string | undefined): Position {
  const parsed = Position.safeParse(cursor === undefined ? undefined : decodeCursor(cursor));
  return parsed.success ? parsed.data : ["", ""];
}

import { PageQuery } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { decodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { DAY_MS, floorTo, HOUR_MS } from "./calendar.ts";

const MAX_RANGE_DAYS = 366;
const MAX_HOURLY_RANGE_DAYS = 31;

const COMPANY_GROUPINGS = ["hour", "day", "model", "key", "provider", "endpoint", "status", "member"] as const;
const PLATFORM_GROUPINGS = ["hour", "day", "company", "model", "provider", "status"] as const;
export type Grouping = (typeof COMPANY_GROUPINGS)[number] | (typeof PLATFORM_GROUPINGS)[number];

export interface UsageFilters {
  readonly key?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly endpoint?: string;
  readonly status?: number;
  /** Empty: requests of keys that belong to no member. */
  readonly member?: string;
  readonly company?: string;
}

export interface UsageRange {
  /** Start of the first hour counted. */
  readonly fromMs: number;
  /** Exclusive; an hour that begins before it is counted whole. */
  readonly toMs: number;
}

export interface UsageQuery extends UsageRange {
  readonly groupBy: readonly Grouping[];
  readonly filters: UsageFilters;
  readonly limit: number;
  /** Group of the last row of the page before, in the order of `groupBy`. */
  readonly after: readonly (string | number)[] | null;
}

/** ISO 8601 with an offset, or a date (midnight UTC), as ms since the epoch. */
const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "must be an ISO 8601 time such as 2026-11-23T08:00:00Z",
  })
  .transform((text) => Date.parse(text));

const Filter = z.string().min(1).max(256).optional();
/** An HTTP status that clients saw. */
const Status = z.coerce.number().int().min(100).max(599).optional();
const Range = { from: Instant.optional(), to: Instant.optional() };

/** What a company's usage is narrowed by; the platform's has no key, endpoint and member. */
const CompanyFilters = {
  key: Filter,
  model: Filter,
  provider: Filter,
  endpoint: Filter,
  status: Status,
  member: z.string().max(256).optional(),
};
const PlatformFilters = { company: Filter, model: Filter, provider: Filter, status: Status };

/** Parameters of `GET /v1/usage`. */
const CompanyUsageQuery = z.strictObject({
  ...PageQuery.shape,
  ...Range,
  ...CompanyFilters,
  group_by: groupByOf(COMPANY_GROUPINGS),
});

/** Parameters of `GET /v1/admin/usage`. */
const PlatformUsageQuery = z.strictObject({
  ...PageQuery.shape,
  ...Range,
  ...PlatformFilters,
  group_by: groupByOf(PLATFORM_GROUPINGS),
});

/** Parameters of `GET /v1/usage/summary`. */
const CompanySummaryQuery = z.strictObject({ ...Range, ...CompanyFilters });

/** Parameters of the operators' summary and of the league of providers. */
const PlatformSummaryQuery = z.strictObject({ ...Range, ...PlatformFilters });

/**
 * The usage query that a client asked for: the last 24 hours by hour unless said otherwise.
 * `invalid_request` names the field; ranges are bounded so that the rows read are.
 */
export function parseUsageQuery(input: unknown, nowMs: number): Result<UsageQuery> {
  const parsed = parseInput(CompanyUsageQuery, input);
  return parsed.ok ? completeQuery(parsed.value, nowMs) : parsed;
}

/** As `parseUsageQuery` for operators: over all companies, also by company. */
export function parsePlatformUsageQuery(input: unknown, nowMs: number): Result<UsageQuery> {
  const parsed = parseInput(PlatformUsageQuery, input);
  return parsed.ok ? completeQuery(parsed.value, nowMs) : parsed;
}

export interface SummaryRange extends UsageRange {
  readonly filters: UsageFilters;
}

/** The range and the filters of a company's summary: the last 24 hours unless said otherwise. */
export function parseSummaryQuery(input: unknown, nowMs: number): Result<SummaryRange> {
  const parsed = parseInput(CompanySummaryQuery, input);
  return parsed.ok ? completeRange(parsed.value, nowMs) : parsed;
}

/** As `parseSummaryQuery` for operators: over all companies. */
export function parsePlatformSummaryQuery(input: unknown, nowMs: number): Result<SummaryRange> {
  const parsed = parseInput(PlatformSummaryQuery, input);
  return parsed.ok ? completeRange(parsed.value, nowMs) : parsed;
}

function completeRange(parsed: ParsedRange & ParsedFilters, nowMs: number): Result<SummaryRange> {
  const range = rangeOf(parsed, nowMs, false);
  return range.ok ? ok({ ...range.value, filters: filtersOf(parsed) }) : range;
}

interface ParsedRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

type ParsedFilters = { readonly [Name in keyof UsageFilters]?: UsageFilters[Name] | undefined };

interface ParsedQuery extends ParsedRange, ParsedFilters {
  readonly group_by: readonly Grouping[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

function completeQuery(parsed: ParsedQuery, nowMs: number): Result<UsageQuery> {
  const { group_by: groupBy, limit, cursor } = parsed;
  const range = rangeOf(parsed, nowMs, groupBy.includes("hour"));
  if (!range.ok) return range;
  const after = cursor === undefined ? null : afterOf(cursor, groupBy);
  if (after === undefined) {
    return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
  }
  return ok({ ...continueFrom(range.value, groupBy, after), groupBy, filters: filtersOf(parsed), limit, after });
}

function rangeOf({ from, to }: ParsedRange, nowMs: number, isByHour: boolean): Result<UsageRange> {
  const toMs = to ?? nowMs;
  const fromMs = floorTo(from ?? toMs - DAY_MS, HOUR_MS);
  const maxDays = isByHour ? MAX_HOURLY_RANGE_DAYS : MAX_RANGE_DAYS;
  if (fromMs >= toMs) return err("invalid_request", "from: must be before to", { param: "from" });
  if (toMs - fromMs > maxDays * DAY_MS + HOUR_MS) {
    const grouped = isByHour ? " when grouped by hour" : "";
    return err("invalid_request", `from: the range is at most ${maxDays} days${grouped}`, { param: "from" });
  }
  return ok({ fromMs, toMs });
}

/** A page that goes on in the middle of a time series does not read the time before it again. */
function continueFrom(range: UsageRange, groupBy: readonly Grouping[], after: UsageQuery["after"]): UsageRange {
  const first = after?.[0];
  const isTime = groupBy[0] === "hour" || groupBy[0] === "day";
  return isTime && typeof first === "number" ? { ...range, fromMs: Math.max(range.fromMs, first) } : range;
}

function filtersOf(parsed: ParsedFilters): UsageFilters {
  const { key, model, provider, endpoint, status, member, company } = parsed;
  return {
    ...(key !== undefined && { key }),
    ...(model !== undefined && { model }),
    ...(provider !== undefined && { provider }),
    ...(endpoint !== undefined && { endpoint }),
    ...(status !== undefined && { status }),
    ...(member !== undefined && { member }),
    ...(company !== undefined && { company }),
  };
}

function groupByOf<const Name extends Grouping>(groupings: readonly [Name, ...Name[]]) {
  return z
    .string()
    .transform((list) => list.split(","))
    .pipe(
      z
        .array(z.enum(groupings, { error: `must be a list of ${groupings.join(", ")}` }))
        .max(3, "takes at most 3 groupings")
        .refine((list) => new Set(list).size === list.length, "names a grouping twice"),
    )
    .default([groupings[0]]);
}

function afterOf(cursor: string, groupBy: readonly Grouping[]): readonly (string | number)[] | undefined {
  const parsed = z.array(z.union([z.string().max(256), z.number().int()])).safeParse(decodeCursor(cursor));
  if (!parsed.success || parsed.data.length !== groupBy.length) return undefined;
  const fits = groupBy.every((grouping, index) => typeof parsed.data[index] === typeOf(grouping));
  return fits ? parsed.data : undefined;
}

function typeOf(grouping: Grouping): "string" | "number" {
  return grouping === "hour" || grouping === "day" || grouping === "status" ? "number" : "string";
}

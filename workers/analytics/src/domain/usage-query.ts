import { err, ok, type Result } from "@aggregator/contracts/result";
import { PageQuery } from "@aggregator/contracts/page";
import { decodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const MAX_RANGE_DAYS = 366;
const MAX_HOURLY_RANGE_DAYS = 31;

export const GROUPINGS = ["hour", "day", "model", "key", "provider", "endpoint", "status", "member"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** ISO 8601 with an offset, or a date (midnight UTC), as ms since the epoch. */
const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "must be an ISO 8601 time such as 2026-11-23T08:00:00Z",
  })
  .transform((text) => Date.parse(text));

const GroupBy = z
  .string()
  .transform((list) => list.split(","))
  .pipe(
    z
      .array(z.enum(GROUPINGS, { error: `must be a list of ${GROUPINGS.join(", ")}` }))
      .max(3, "takes at most 3 groupings")
      .refine((list) => new Set(list).size === list.length, "names a grouping twice"),
  )
  .default(["hour"]);

const Filter = z.string().min(1).max(256).optional();

export const UsageQueryInput = z.strictObject({
  ...PageQuery.shape,
  from: Instant.optional(),
  to: Instant.optional(),
  group_by: GroupBy,
  key: Filter,
  model: Filter,
  provider: Filter,
});

export interface UsageQuery {
  /** Start of the first hour counted. */
  readonly fromMs: number;
  /** Exclusive; an hour that begins before it is counted whole. */
  readonly toMs: number;
  readonly groupBy: readonly Grouping[];
  readonly filters: { readonly key?: string; readonly model?: string; readonly provider?: string };
  readonly limit: number;
  /** Group of the last row of the page before, in the order of `groupBy`. */
  readonly after: readonly (string | number)[] | null;
}

/**
 * The usage query that a client asked for: the last 24 hours by hour unless said otherwise.
 * `invalid_request` names the field; ranges are bounded so that the rows read are.
 */
export function parseUsageQuery(input: unknown, nowMs: number): Result<UsageQuery> {
  const parsed = parseInput(UsageQueryInput, input);
  if (!parsed.ok) return parsed;
  const { group_by: groupBy, limit, cursor, key, model, provider } = parsed.value;
  const toMs = parsed.value.to ?? nowMs;
  const fromMs = floorTo(parsed.value.from ?? toMs - DAY_MS, HOUR_MS);
  const maxDays = groupBy.includes("hour") ? MAX_HOURLY_RANGE_DAYS : MAX_RANGE_DAYS;
  if (fromMs >= toMs) return err("invalid_request", "from: must be before to", { param: "from" });
  if (toMs - fromMs > maxDays * DAY_MS + HOUR_MS) {
    const grouped = groupBy.includes("hour") ? " when grouped by hour" : "";
    return err("invalid_request", `from: the range is at most ${maxDays} days${grouped}`, { param: "from" });
  }
  const after = cursor === undefined ? null : parseAfter(cursor, groupBy);
  if (after === undefined) {
    return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
  }
  const filters = {
    ...(key !== undefined && { key }),
    ...(model !== undefined && { model }),
    ...(provider !== undefined && { provider }),
  };
  return ok({ fromMs, toMs, groupBy, filters, limit, after });
}

export function floorTo(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}

function parseAfter(cursor: string, groupBy: readonly Grouping[]): readonly (string | number)[] | undefined {
  const parsed = z.array(z.union([z.string().max(256), z.number().int()])).safeParse(decodeCursor(cursor));
  if (!parsed.success || parsed.data.length !== groupBy.length) return undefined;
  const fits = groupBy.every((grouping, index) => typeof parsed.data[index] === typeOf(grouping));
  return fits ? parsed.data : undefined;
}

function typeOf(grouping: Grouping): "string" | "number" {
  return grouping === "hour" || grouping === "day" || grouping === "status" ? "number" : "string";
}

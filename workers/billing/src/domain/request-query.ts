import { PageQuery } from "@aggregator/contracts/page";
import { ok, type Result } from "@aggregator/contracts/result";
import { MAX_NANO_USD } from "@aggregator/money/nano-usd";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";

/** What a search of the request log asks for; absent is any. */
export interface RequestFilters {
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  readonly state?: "held" | "settled" | "released" | "expired";
  /** HTTP statuses, inclusive. */
  readonly status?: { readonly from: number; readonly to: number };
  readonly errorCode?: string;
  /** Catalogue model that served, or the one that was asked for. */
  readonly model?: string;
  readonly provider?: string;
  readonly keyId?: string;
  readonly minPriceNanoUsd?: number;
  readonly maxPriceNanoUsd?: number;
}

export interface RequestQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly filters: RequestFilters;
}

const Time = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be a time in ISO 8601")
  .transform((text) => Date.parse(text));

const Status = z
  .string()
  .regex(/^([1-5]\d\d|[1-5]xx)$/, "must be a status such as 429, or a class such as 4xx")
  .transform((text) =>
    text.endsWith("xx")
      ? { from: Number(text[0]) * 100, to: Number(text[0]) * 100 + 99 }
      : { from: Number(text), to: Number(text) },
  );

const Amount = z.coerce.number().int().min(0).max(MAX_NANO_USD);
const Text = z.string().min(1).max(256);

const Query = PageQuery.extend({
  from: Time.optional(),
  to: Time.optional(),
  state: z.enum(["held", "settled", "released", "expired"]).optional(),
  status: Status.optional(),
  error_code: Text.optional(),
  model: Text.optional(),
  provider: Text.optional(),
  key: Text.optional(),
  min_cost_nano_usd: Amount.optional(),
  max_cost_nano_usd: Amount.optional(),
});

/** What a client asks of its request log; `invalid_request` names the field that is wrong. */
export function parseRequestQuery(input: unknown): Result<RequestQuery> {
  const parsed = parseInput(Query, input);
  if (!parsed.ok) return parsed;
  const { limit, cursor, from, to, state, status, error_code, model, provider, key, ...cost } = parsed.value;
  return ok({
    limit,
    cursor,
    filters: {
      ...(from !== undefined && { fromMs: from }),
      ...(to !== undefined && { toMs: to }),
      ...(state !== undefined && { state }),
      ...(status !== undefined && { status }),
      ...(error_code !== undefined && { errorCode: error_code }),
      ...(model !== undefined && { model }),
      ...(provider !== undefined && { provider }),
      ...(key !== undefined && { keyId: key }),
      ...(cost.min_cost_nano_usd !== undefined && { minPriceNanoUsd: cost.min_cost_nano_usd }),
      ...(cost.max_cost_nano_usd !== undefined && { maxPriceNanoUsd: cost.max_cost_nano_usd }),
    },
  });
}

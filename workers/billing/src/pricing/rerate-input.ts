import { PageQuery } from "@aggregator/contracts/page";
import { PricesInput } from "@aggregator/money/prices-input";
import { isPriced } from "@aggregator/money/resolve-price";
import { z } from "zod";

const MAX_COMPANIES = 100;
const MAX_MARKUP_BPS = 100_000;

const Time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
/** As a model is priced in the catalogue: what has no price could not have been served. */
const Priced = PricesInput.refine(({ base }) => isPriced(base), "must price both input and output");
const PriceBookInput = z.strictObject({
  prices: z
    .record(z.string().min(1).max(200), Priced)
    .refine((prices) => Object.keys(prices).length > 0, "must have the prices of a model or an endpoint"),
  markup_bps: z.int().min(0).max(MAX_MARKUP_BPS).optional(),
});

/** A period, whose companies, and the price book to try on it. */
export const RerateInput = z
  .strictObject({
    from: Time,
    to: Time,
    company_ids: z.array(z.uuid()).min(1).max(MAX_COMPANIES).optional(),
    price_book: PriceBookInput,
    ...PageQuery.shape,
  })
  .refine(({ from, to }) => from < to, { message: "must be after from", path: ["to"] });
export type RerateInput = z.infer<typeof RerateInput>;

import { MAX_REQUEST_TAGS, REQUEST_TAG, type RoutingRule } from "@aggregator/contracts/routing";
import type { RoutingRuleView } from "@aggregator/contracts/routing-admin";
import { z } from "zod";
import type { RoutingRuleRow } from "../db/routing-rules.ts";
import { Slug } from "./fields.ts";

const Slugs = z.array(Slug).max(32);
const Tokens = z.int().min(0).max(1_000_000_000);

/** `PUT /v1/admin/routing/rules/{id}`. */
export const RoutingRuleInput = z.strictObject({
  name: z.string().max(200).default(""),
  position: z.int().min(0).max(1_000_000).default(0),
  enabled: z.boolean().default(true),
  match: z
    .strictObject({
      models: z.array(z.string().min(1).max(256)).min(1).max(100),
      companies: z.array(z.string().min(1).max(64)).min(1).max(100),
      min_input_tokens: Tokens,
      max_input_tokens: Tokens,
      has_tools: z.boolean(),
      metadata: z
        .record(z.string().min(1).max(64), z.string().max(512))
        .refine((metadata) => Object.keys(metadata).length <= 16, "has more than 16 members"),
      tags: z.array(z.string().regex(REQUEST_TAG)).min(1).max(MAX_REQUEST_TAGS),
    })
    .partial(),
  effect: z
    .strictObject({
      only: Slugs,
      ignore: Slugs,
      prefer: Slugs,
      shadow: z.strictObject({ provider: Slug, percent: z.number().min(0).max(100) }),
    })
    .partial()
    .refine((effect) => Object.keys(effect).length > 0, "must do something"),
});

export function routingRuleView(row: RoutingRuleRow): RoutingRuleView {
  const { id, name, position, enabled, match, effect, createdAtMs, updatedAtMs } = row;
  const times = { created_at: new Date(createdAtMs).toISOString(), updated_at: new Date(updatedAtMs).toISOString() };
  return { id, name, position, enabled, match, effect, ...times };
}

/** The rules that requests for these names by this company may meet; the rest is asked of each request. Pure. */
export function rulesFor(
  rows: readonly RoutingRuleRow[],
  names: readonly string[],
  companyId: string | null,
): readonly RoutingRule[] {
  return rows
    .filter(({ enabled, match: { models, companies } }) => {
      if (!enabled) return false;
      if (companies !== undefined && (companyId === null || !companies.includes(companyId))) return false;
      return models === undefined || names.some((name) => models.some((pattern) => isLike(name, pattern)));
    })
    .map(({ id, name, match, effect }) => ({ id, name, match, effect }));
}

/** `*` at the end stands for anything. */
function isLike(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

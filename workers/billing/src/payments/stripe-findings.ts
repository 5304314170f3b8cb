import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { StripeFindingView } from "@aggregator/contracts/payments";
import { type Answer, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import { type FindingRow, listFindings } from "../db/statements.ts";
import { textPosition } from "../db/text-position.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { withStripe } from "./call-stripe.ts";
import { reconcileStripe } from "./reconcile-stripe.ts";

const DayInput = z.strictObject({ day: z.iso.date("write the day as 2026-11-23") });
/** After every day. */
const NEWEST = "~";

/** What the daily comparison with Stripe found, newest first. Platform admins only. */
export async function listStripeFindings(env: Env, actor: Actor, query: unknown): Answer<Page<StripeFindingView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const before = textPosition(cursor) ?? NEWEST;
  const rows = await listFindings(openDatabase(env.DB), before, limit + 1);
  const last = rows[limit - 1];
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
  return ok({ data: rows.slice(0, limit).map(findingView), nextCursor });
}

/** Compares one day now. Platform admins only. */
export async function reconcileDay(
  env: Env,
  actor: Actor,
  input: unknown,
  keyed: Keyed,
): Answer<Page<StripeFindingView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(DayInput, input);
  if (!parsed.ok) return parsed;
  return withStripe(env, async (stripe) => {
    const once = keyedBy(actor, "reconcileStripe", input, keyed);
    return runOnce<Page<StripeFindingView>>(openDatabase(env.DB), once, async () =>
      withStripe(env, async () => {
        const findings = await reconcileStripe(env, stripe, parsed.value.day);
        return ok({ data: findings.map(findingView), nextCursor: null });
      }),
    );
  });
}

function findingView(row: FindingRow): StripeFindingView {
  return {
    id: row.id,
    day: row.day,
    kind: row.kind,
    company_id: row.companyId,
    payment_id: row.paymentId,
    reference: row.reference,
    currency: row.currency,
    expected_minor: row.expectedMinor,
    found_minor: row.foundMinor,
  };
}

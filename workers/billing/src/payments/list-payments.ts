import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { PaymentView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import { findPayment, listPayments as readPayments } from "../db/payments.ts";
import type { Env } from "../env.ts";
import { withStripe } from "./call-stripe.ts";
import { paymentView } from "./payment-view.ts";

const Position = z.tuple([z.number().int(), z.string()]);
const NEWEST = [Number.MAX_SAFE_INTEGER, ""] as const;

/** The company's payments, newest first. Needs `billing:read`. */
export async function listPayments(env: Env, actor: Actor, query: unknown): Answer<Page<PaymentView>> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  return withStripe(env, async () => {
    const { limit, cursor } = parsed.value;
    const before = positionOf(cursor);
    const rows = await readPayments(openDatabase(env.DB), actor.companyId, before, limit + 1);
    const last = rows[limit - 1];
    const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.createdAtMs, last.id]) : null;
    return ok({ data: rows.slice(0, limit).map(paymentView), nextCursor });
  });
}

/** One payment; `not_found` also for another company's. Needs `billing:read`. */
export async function getPayment(env: Env, actor: Actor, id: string): Answer<PaymentView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const payment = await findPayment(openDatabase(env.DB), id);
  if (payment?.companyId !== actor.companyId) return err("not_found", "No such payment.");
  return ok(paymentView(payment));
}

/** Where a page of `[time, id]` rows goes on; the newest for a cursor that is not one of ours. */
export function positionOf(cursor: string | undefined): readonly [number, string] {
  const parsed = Position.safeParse(cursor === undefined ? undefined : decodeCursor(cursor));
  return parsed.success ? parsed.data : NEWEST;
}

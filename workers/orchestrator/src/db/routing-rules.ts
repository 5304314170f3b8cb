import { asc, count, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { routingRules } from "./schema/routing-rules.ts";

export type RoutingRuleRow = typeof routingRules.$inferSelect;

/** Every plan reads all of them, so there are few. */
export const MAX_RULES = 100;

/** All rules in the order in which they are applied. */
export function selectRoutingRules(db: Database): Promise<RoutingRuleRow[]> {
  return db
    .select()
    .from(routingRules)
    .orderBy(asc(routingRules.position), asc(routingRules.id))
    .limit(MAX_RULES)
    .all();
}

export function findRoutingRule(db: Database, id: string): Promise<RoutingRuleRow | undefined> {
  return db.select().from(routingRules).where(eq(routingRules.id, id)).get();
}

export async function countRoutingRules(db: Database): Promise<number> {
  return (await db.select({ rules: count() }).from(routingRules).get())?.rules ?? 0;
}

/** Statement: makes a rule, or changes the one of its id. */
export function putRoutingRule(db: Database, row: RoutingRuleRow) {
  const { id: _, createdAtMs: __, ...change } = row;
  return db.insert(routingRules).values(row).onConflictDoUpdate({ target: routingRules.id, set: change });
}

/** Statement: removes a rule. */
export function deleteRoutingRuleRow(db: Database, id: string) {
  return db.delete(routingRules).where(eq(routingRules.id, id));
}

import { and, eq, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { preferences } from "./schema.ts";

/** What a member chose, by kind. */
export async function listChoices(
  db: Database,
  companyId: string,
  memberId: string,
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await db
    .select({ kind: preferences.kind, email: preferences.email })
    .from(preferences)
    .where(and(eq(preferences.companyId, companyId), eq(preferences.memberId, memberId)));
  return new Map(rows.map(({ kind, email }) => [kind, email]));
}

/** Keeps choices; those of other kinds stay. */
export async function upsertChoices(
  db: Database,
  companyId: string,
  memberId: string,
  choices: ReadonlyMap<string, boolean>,
): Promise<void> {
  if (choices.size === 0) return;
  await db
    .insert(preferences)
    .values([...choices].map(([kind, email]) => ({ companyId, memberId, kind, email })))
    .onConflictDoUpdate({
      target: [preferences.companyId, preferences.memberId, preferences.kind],
      set: { email: sql`excluded.email` },
    });
}

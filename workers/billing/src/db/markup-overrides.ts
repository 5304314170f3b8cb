import { and, asc, eq, gt, inArray, isNotNull, lt, or, sql } from "drizzle-orm";
import type { MarkupOverrides } from "../domain/markup.ts";
import type { Database } from "./client.ts";
import { accounts } from "./schema/accounts.ts";
import { markupOverrides } from "./schema/markup-overrides.ts";

export type MarkupOverrideRow = typeof markupOverrides.$inferSelect;

/** Whose markup, of which model; "" for all. */
export interface MarkupScope {
  readonly companyId: string;
  readonly model: string;
}

const { companyId, model, markupBps, revision } = markupOverrides;
const nextRevision = sql<number>`(SELECT coalesce(max(${revision}), 0) + 1 FROM ${markupOverrides})`;

/** Sets a markup; a new revision, which the accounts that it concerns are told. */
export async function saveMarkupOverride(
  db: Database,
  scope: MarkupScope,
  bps: number,
  nowMs: number,
): Promise<MarkupOverrideRow> {
  const saved = { markupBps: bps, revision: nextRevision, updatedAtMs: nowMs };
  return db
    .insert(markupOverrides)
    .values({ ...scope, ...saved })
    .onConflictDoUpdate({ target: [companyId, model], set: saved })
    .returning()
    .get();
}

/** Takes a markup away; false when there is none. */
export async function dropMarkupOverride(db: Database, scope: MarkupScope, nowMs: number): Promise<boolean> {
  const dropped = await db
    .update(markupOverrides)
    .set({ markupBps: null, revision: nextRevision, updatedAtMs: nowMs })
    .where(and(eq(companyId, scope.companyId), eq(model, scope.model), isNotNull(markupBps)))
    .returning({ model });
  return dropped.length === 1;
}

/** Overrides in force by company and model, after a position. */
export async function listMarkupOverrides(
  db: Database,
  after: MarkupScope | null,
  limit: number,
): Promise<MarkupOverrideRow[]> {
  const beyond =
    after === null
      ? undefined
      : or(gt(companyId, after.companyId), and(eq(companyId, after.companyId), gt(model, after.model)));
  return db
    .select()
    .from(markupOverrides)
    .where(and(isNotNull(markupBps), beyond))
    .orderBy(asc(companyId), asc(model))
    .limit(limit);
}

/** Everything that concerns one company, at one revision. */
export async function readMarkupOverrides(db: Database, ofCompany: string): Promise<MarkupOverrides> {
  const rows = await db
    .select()
    .from(markupOverrides)
    .where(inArray(companyId, ["", ofCompany]));
  const byModel = (owner: string) =>
    Object.fromEntries(
      rows.flatMap((row) =>
        row.companyId === owner && row.model !== "" && row.markupBps !== null ? [[row.model, row.markupBps]] : [],
      ),
    );
  return {
    revision: rows.reduce((newest, row) => Math.max(newest, row.revision), 0),
    company: rows.find((row) => row.companyId === ofCompany && row.model === "")?.markupBps ?? null,
    companyModels: byModel(ofCompany),
    models: byModel(""),
  };
}

/** Accounts that have not been told of an override that concerns them. */
export async function listAccountsWithUntoldMarkups(db: Database, limit: number): Promise<string[]> {
  const newest = sql<number>`(SELECT coalesce(max(${revision}), 0) FROM ${markupOverrides} WHERE ${companyId} IN ('', ${accounts.companyId}))`;
  const rows = await db
    .select({ companyId: accounts.companyId })
    .from(accounts)
    .where(lt(accounts.toldMarkupRevision, newest))
    .limit(limit);
  return rows.map((row) => row.companyId);
}

export async function markMarkupsTold(db: Database, ofCompany: string, toldRevision: number): Promise<void> {
  await db
    .update(accounts)
    .set({ toldMarkupRevision: toldRevision })
    .where(and(eq(accounts.companyId, ofCompany), lt(accounts.toldMarkupRevision, toldRevision)));
}

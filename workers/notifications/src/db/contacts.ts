import type { ContactState } from "@aggregator/contracts/notices";
import type { CompanyNoticeKind } from "@aggregator/contracts/notifications";
import { and, eq, sql } from "drizzle-orm";
import type { Listener } from "../domain/audience.ts";
import type { Database } from "./client.ts";
import { contacts, preferences } from "./schema.ts";

/** Keeps a member's state unless a newer one is known. */
export async function upsertContact(db: Database, contact: ContactState): Promise<void> {
  const state = {
    email: contact.email,
    role: contact.role,
    isActive: contact.is_active,
    revision: contact.revision,
  };
  await db
    .insert(contacts)
    .values({ companyId: contact.company_id, memberId: contact.member_id, ...state })
    .onConflictDoUpdate({
      target: [contacts.companyId, contacts.memberId],
      set: state,
      setWhere: sql`excluded.revision > ${contacts.revision}`,
    });
}

/** The company's active members with their choice for one kind of notice. */
export async function listListeners(db: Database, companyId: string, kind: CompanyNoticeKind): Promise<Listener[]> {
  return db
    .select({ email: contacts.email, role: contacts.role, choice: preferences.email })
    .from(contacts)
    .leftJoin(
      preferences,
      and(
        eq(preferences.companyId, contacts.companyId),
        eq(preferences.memberId, contacts.memberId),
        eq(preferences.kind, kind),
      ),
    )
    .where(and(eq(contacts.companyId, companyId), eq(contacts.isActive, true)));
}

/** A member's role as auth last told it; null when it has not. */
export async function findRole(db: Database, companyId: string, memberId: string): Promise<string | null> {
  const row = await db
    .select({ role: contacts.role })
    .from(contacts)
    .where(and(eq(contacts.companyId, companyId), eq(contacts.memberId, memberId)))
    .get();
  return row?.role ?? null;
}

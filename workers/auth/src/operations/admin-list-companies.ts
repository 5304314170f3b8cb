import type { Actor } from "@aggregator/contracts/actor";
import type { AdminCompanyView } from "@aggregator/contracts/companies";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { Call } from "../call.ts";
import { findCompanyWithCount, selectCompanies } from "../db/companies.ts";
import { adminCompanyView, NO_SUCH_COMPANY } from "../domain/company-settings.ts";
import { pageOf, positionOf } from "../domain/page.ts";

const ListCompanies = PageQuery.extend({
  q: z.string().min(1).max(100).optional(),
  is_active: z.enum(["true", "false"]).optional(),
});

/** All companies, newest first; `q` is part of a name, an address or an id, literally. For operators. */
export async function adminListCompanies(call: Call, actor: Actor, query: unknown): Answer<Page<AdminCompanyView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ListCompanies, query);
  if (!parsed.ok) return parsed;
  const before = positionOf(parsed.value.cursor);
  if (!before.ok) return before;
  const { limit, q, is_active: isActive } = parsed.value;
  const filter = { q: q ?? null, isActive: isActive === undefined ? null : isActive === "true" };
  const rows = await selectCompanies(call.db, filter, before.value, limit + 1);
  const byId = rows.map((row) => ({ ...row, id: row.company.id }));
  return ok(pageOf(byId, limit, ({ company, members }) => adminCompanyView(company, members)));
}

/** One company. For operators. `not_found`. */
export async function adminGetCompany(call: Call, actor: Actor, id: string): Answer<AdminCompanyView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const found = await findCompanyWithCount(call.db, id);
  return found === undefined ? NO_SUCH_COMPANY : ok(adminCompanyView(found.company, found.members));
}

import type { Call } from "../call.ts";
import { type AuditEntry, auditIfChanged } from "../db/audit.ts";
import type { Statement } from "../db/client.ts";
import { listCompaniesOf } from "../db/members.ts";

/**
 * The log's rows of a change to a person's own account, one for each company that it is in, to put right
 * after the statement that makes it. Each has an officer who must see it.
 */
export async function auditInCompanies(
  call: Call,
  memberId: string,
  entry: Pick<AuditEntry, "action" | "before" | "after"> & { readonly targetId?: string },
): Promise<Statement[]> {
  const joined = await listCompaniesOf(call.db, memberId);
  return joined.map(({ company }) =>
    auditIfChanged(call, {
      targetId: memberId,
      ...entry,
      actor: { kind: "member", companyId: company.id, memberId, keyId: null },
    }),
  );
}

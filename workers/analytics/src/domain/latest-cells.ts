import type { UsageCell, UsageMessage } from "@aggregator/contracts/usage-events";

/** A cell with the company whose account sent it. */
export interface CompanyCell extends UsageCell {
  readonly company_id: string;
}

/**
 * The newest state of each cell that the messages speak of. Older states of the same cell are dropped
 * here, so that a batch costs one row written per distinct cell however often the cell was sent.
 */
export function latestCells(messages: readonly UsageMessage[]): CompanyCell[] {
  const latest = new Map<string, CompanyCell>();
  for (const message of messages) {
    for (const cell of message.cells) {
      const name = nameOf(message.company_id, cell);
      const known = latest.get(name);
      if (known === undefined || cell.version > known.version) {
        latest.set(name, { ...cell, company_id: message.company_id });
      }
    }
  }
  return [...latest.values()];
}

function nameOf(companyId: string, cell: UsageCell): string {
  return JSON.stringify([
    companyId,
    cell.hour_ms,
    cell.key_id,
    cell.model,
    cell.provider,
    cell.endpoint,
    cell.status,
    cell.member_id ?? "",
  ]);
}

import type { StatementView } from "@aggregator/contracts/payments";
import { formatUsd } from "@aggregator/money/usd-decimal";

const HEADER = ["month", "kind", "model", "key_id", "entries", "amount_nano_usd", "amount_usd"];

/** A statement as CSV (RFC 4180), safe to open in a spreadsheet. */
export function statementCsv(statement: StatementView): string {
  const { month } = statement;
  const rows = [
    HEADER,
    [month, "opening", "", "", "", String(statement.opening_nano_usd), statement.opening],
    ...statement.lines.map((line) => [
      month,
      line.kind,
      line.model ?? "",
      line.key_id ?? "",
      String(line.entries),
      String(line.amount_nano_usd),
      formatUsd(line.amount_nano_usd),
    ]),
    [month, "closing", "", "", "", String(statement.closing_nano_usd), statement.closing],
  ];
  return rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * One field. What a spreadsheet would run as a formula gets an apostrophe before it, numbers excepted.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}

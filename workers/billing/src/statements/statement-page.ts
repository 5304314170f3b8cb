import type { StatementLine, StatementView } from "@aggregator/contracts/payments";
import { formatUsd } from "@aggregator/money/usd-decimal";

/** A statement as a page to print: no script, nothing loaded, every value escaped. */
export function statementPage(statement: StatementView): string {
  const { month } = statement;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Statement ${escape(month)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Statement ${escape(month)}${statement.is_closed ? "" : " (running)"}</h1>
<p>Company ${escape(statement.company_id)}. Amounts in USD.</p>
<table>
<thead><tr><th>Kind</th><th>Model</th><th>Key</th><th>Entries</th><th>Amount</th></tr></thead>
<tbody>
<tr><td colspan="4">Opening balance</td><td>${statement.opening}</td></tr>
${statement.lines.map(row).join("\n")}
<tr><td colspan="4">Closing balance</td><td>${statement.closing}</td></tr>
</tbody>
</table>
</body>
</html>
`;
}

const STYLE =
  "body{font:14px/1.4 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse;width:100%}" +
  "th,td{border-bottom:1px solid #ccc;padding:.3rem;text-align:left}td:last-child,th:last-child{text-align:right}" +
  "@media print{body{margin:0}}";

function row(line: StatementLine): string {
  const cells = [line.kind, line.model ?? "", line.key_id ?? "", String(line.entries), formatUsd(line.amount_nano_usd)];
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

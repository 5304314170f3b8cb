import { stringify } from "csv-stringify/browser/esm/sync";

/**
 * RFC 4180 text. Text that a spreadsheet would run as a formula is defused with a leading apostrophe;
 * numbers are left alone. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvOf(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    {
      header: true,
      columns: [...header],
      record_delimiter: "windows",
      escape_formulas: true,
      cast: { number: (value) => ({ value: String(value), escape_formulas: false }) },
    },
  );
}

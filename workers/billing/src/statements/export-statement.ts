import type { Actor } from "@aggregator/contracts/actor";
import type { StatementFile, StatementView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Env } from "../env.ts";
import { getStatement } from "./get-statement.ts";
import { statementCsv } from "./statement-csv.ts";
import { statementPage } from "./statement-page.ts";

/** A statement as a file: `csv` or `html` (to print). Needs `billing:read`. */
export async function exportStatement(env: Env, actor: Actor, month: string, format: string): Answer<StatementFile> {
  const render = RENDERERS.get(format);
  if (render === undefined) return err("invalid_request", "format: use csv or html.", { param: "format" });
  const statement = await getStatement(env, actor, month);
  if (!statement.ok) return statement;
  const { contentType, toText } = render;
  return ok({
    content_type: contentType,
    file_name: `statement-${statement.value.month}.${format}`,
    body: toText(statement.value),
  });
}

interface Renderer {
  readonly contentType: string;
  readonly toText: (statement: StatementView) => string;
}

const RENDERERS: ReadonlyMap<string, Renderer> = new Map([
  ["csv", { contentType: "text/csv; charset=utf-8", toText: statementCsv }],
  ["html", { contentType: "text/html; charset=utf-8", toText: statementPage }],
]);

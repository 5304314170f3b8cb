import type { AuditEntryView } from "@aggregator/contracts/companies";
import type { Actor } from "@aggregator/contracts/actor";
import { err } from "@aggregator/contracts/result";
import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { csvLine } from "../http/csv.ts";
import { fileHeaders, fileStream } from "../http/file-stream.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import type { ErrorReply, Reply } from "../http/reply.ts";
import { refuse, respondPage } from "../http/respond.ts";
import { PageParameters } from "../openapi/requests.ts";
import { errors, file, page } from "../openapi/responses.ts";
import { AuditEntry, AuditFilter } from "../schemas/companies.ts";

const tags = ["Company"];

const listAuditLog = createRoute({
  method: "get",
  path: "/v1/audit-log",
  operationId: "listAuditLog",
  tags,
  summary: "Audit log",
  description: "Who changed what, from where, with what was before and after. Needs `audit_log:read`.",
  request: { query: PageParameters.extend(AuditFilter.shape) },
  responses: { 200: page(AuditEntry, "Entries, newest first."), ...errors },
});

const exportAuditLog = createRoute({
  method: "get",
  path: "/v1/audit-log/export",
  operationId: "exportAuditLog",
  tags,
  summary: "Audit log as a file",
  description: "All entries that match, newest first, as CSV or one JSON object a line. Needs `audit_log:read`.",
  request: { query: AuditFilter.extend({ format: z.enum(["csv", "ndjson"]).default("ndjson") }) },
  responses: {
    200: {
      ...file("application/x-ndjson", "The entries."),
      content: { "application/x-ndjson": { schema: z.string() }, "text/csv": { schema: z.string() } },
    },
    ...errors,
  },
});

/** What was changed, for the company's security officer. */
export function mountAuditLog(app: GatewayApp): void {
  secured(app, listAuditLog, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.listAuditLog(context, actor, queryOf(c)))),
  );
  secured(app, exportAuditLog, answerExport);
}

async function answerExport(c: GatewayContext, actor: Actor): Promise<Reply<200, never> | ErrorReply> {
  const { format = "ndjson", ...filter } = queryOf(c);
  if (format !== "csv" && format !== "ndjson") {
    return refuse(c, err("invalid_request", "format: must be csv or ndjson", { param: "format" }).error);
  }
  const read = (cursor: string | null) =>
    call(c, "auth", (context) =>
      c.env.AUTH.exportAuditLog(context, actor, cursor === null ? filter : { ...filter, cursor }),
    );
  // Read once before the answer begins, so that a refusal has its status.
  const first = await read(null);
  if (!first.ok) return refuse(c, first.error);
  const lineOf = format === "csv" ? csvOf : (entry: AuditEntryView) => `${JSON.stringify(entry)}\n`;

  async function* parts(): AsyncGenerator<string, void, void> {
    if (format === "csv") yield csvLine(COLUMNS);
    for (let current = first; ;) {
      if (!current.ok) throw new Error(`the audit log cannot be read: ${current.error.code}`);
      const { data, nextCursor } = current.value;
      if (data.length > 0) yield data.map(lineOf).join("");
      if (nextCursor === null) return;
      current = await read(nextCursor);
    }
  }
  const type = format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
  return new Response(fileStream(parts()), { headers: fileHeaders(type, `audit-log.${format}`) });
}

const COLUMNS = [
  "id",
  "at",
  "action",
  "target_id",
  "actor_kind",
  "member_id",
  "key_id",
  "ip",
  "request_id",
  "before",
  "after",
];

function csvOf(entry: AuditEntryView): string {
  const { kind, member_id: memberId, key_id: keyId, ip } = entry.actor;
  const values = [entry.id, entry.at, entry.action, entry.target_id, kind, memberId, keyId, ip, entry.request_id];
  const changes = [entry.before, entry.after].map((change) => (change === null ? null : JSON.stringify(change)));
  return csvLine([...values, ...changes].map((value) => value ?? ""));
}

import type { Page } from "@aggregator/contracts/page";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import { errorResponse } from "../errors/error-response.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { ErrorReply, Reply } from "./reply.ts";

/** Answers are somebody's data: no cache but the asker's memory may keep them. */
const NO_STORE = "private, no-store";

export interface PageBody<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

/** The answer to a call: its value as JSON (with its revision as the ETag), or its error by the error table. */
export function respond<Value>(c: GatewayContext, result: Result<Value>): Reply<200, NoInfer<Value>> | ErrorReply {
  return marked(result, result.ok ? tagged(result.value, json(result.value, 200)) : refuse(c, result.error));
}

/** As `respond`, for what was made. */
export function respondCreated<Value>(
  c: GatewayContext,
  result: Result<Value>,
): Reply<201, NoInfer<Value>> | ErrorReply {
  return marked(result, result.ok ? tagged(result.value, json(result.value, 201)) : refuse(c, result.error));
}

/** One page of a list, in the wire's shape. */
export function respondPage<Item>(
  c: GatewayContext,
  result: Result<Page<Item>>,
): Reply<200, PageBody<NoInfer<Item>>> | ErrorReply {
  if (!result.ok) return marked(result, refuse(c, result.error));
  return marked(result, json({ data: result.value.data, next_cursor: result.value.nextCursor }, 200));
}

/** 204, or the error. */
export function respondNothing(c: GatewayContext, result: Result<void>): Reply<204, null> | ErrorReply {
  if (!result.ok) return marked(result, refuse(c, result.error));
  return marked(result, new Response(null, { status: 204, headers: { "cache-control": NO_STORE } }));
}

/** A file to be saved, as the Worker that made it names it. */
export interface FileBody {
  readonly content_type: string;
  readonly file_name: string;
  readonly body: string;
}

/** A file, or the error. Always an attachment: nothing that a company wrote is opened in our origin. (`never`: a file stands beside any documented JSON.) */
export function respondFile(c: GatewayContext, result: Result<FileBody>): Reply<200, never> | ErrorReply {
  if (!result.ok) return refuse(c, result.error);
  const { content_type: type, file_name: name, body } = result.value;
  const disposition = `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`;
  const headers = { "content-type": type, "content-disposition": disposition, "cache-control": NO_STORE };
  return new Response(body, { headers });
}

/** A JSON body with its status. */
export function json<Status extends number, Body>(body: Body, status: Status): Reply<Status, Body> {
  return Response.json(body, { status, headers: { "cache-control": NO_STORE } });
}

/** An error in the shape of the path's client. */
export function refuse(c: GatewayContext, error: ErrorValue): ErrorReply {
  return errorResponse(error, c.var.identity.context.requestId, c.req.path);
}

/** A view with a revision has it as its strong ETag, which `If-Match` of a change names. */
function tagged<Answer extends Response>(value: unknown, answer: Answer): Answer {
  const revision: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "revision") : undefined;
  if (typeof revision === "number") answer.headers.set("etag", `"${revision}"`);
  return answer;
}

/** Says of a stored answer to a repeat that it is one (api.md, "Repeats"). */
function marked<Answer extends Response>(result: Result<unknown>, answer: Answer): Answer {
  if (result.replayed === true) answer.headers.set("idempotent-replayed", "true");
  return answer;
}

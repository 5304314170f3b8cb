import type { ErrorValue } from "@aggregator/contracts/result";
import { createRoute, z } from "@hono/zod-openapi";
import { actorOf, call, queryOf } from "../http/call.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import type { ErrorReply, Reply } from "../http/reply.ts";
import { refuse, respond, respondNothing, respondPage } from "../http/respond.ts";
import { tailStream } from "../http/tail-stream.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, file, json, noContent, page } from "../openapi/responses.ts";
import { RequestReceipt } from "../schemas/billing.ts";

const tags = ["Requests"];

function filter(description: string) {
  return z.string().max(256).optional().openapi({ description });
}

function time(description: string) {
  return z.string().optional().openapi({ description, format: "date-time" });
}

const listRequests = createRoute({
  method: "get",
  path: "/v1/requests",
  operationId: "listRequests",
  tags,
  summary: "Search requests",
  description:
    "The company's inference requests, newest first. A page of a search may be short, or empty, and still have a next one. Needs `requests:read`.",
  request: {
    query: PageParameters.extend({
      from: time("Arrived at or after."),
      to: time("Arrived before."),
      status: filter("HTTP status that the client saw, such as 429, or a class such as 5xx."),
      state: z.enum(["held", "settled", "released", "expired"]).optional(),
      error_code: filter("Code of the error."),
      model: filter("Catalogue id that served, or the model that was asked for."),
      provider: filter("Slug of the provider that served."),
      key: filter("Id of the API key."),
      min_cost_nano_usd: z.coerce.number().int().min(0).optional().openapi({ description: "Cost at least." }),
      max_cost_nano_usd: z.coerce.number().int().min(0).optional().openapi({ description: "Cost at most." }),
    }),
  },
  responses: { 200: page(RequestReceipt, "Requests."), ...errors },
});

const getRequest = createRoute({
  method: "get",
  path: "/v1/requests/{id}",
  operationId: "getRequest",
  tags,
  summary: "The receipt of a request",
  description: "Where it went, what it used, what it cost and why. Needs `requests:read`.",
  request: { params: pathId("The request's `x-request-id`.") },
  responses: { 200: json(RequestReceipt, "The request."), ...errors },
});

const cancelRequest = createRoute({
  method: "post",
  path: "/v1/requests/{id}/cancel",
  operationId: "cancelRequest",
  "x-audit-action": "request.cancelled",
  tags,
  summary: "Stop a running request",
  description:
    "It ends well-formed at its next checkpoint and is charged for what was produced. Needs `requests:cancel`.",
  request: { params: pathId("The request's `x-request-id`.") },
  responses: { 204: noContent, ...errors },
});

const tailRequests = createRoute({
  method: "get",
  path: "/v1/requests/tail",
  operationId: "tailRequests",
  tags,
  summary: "Requests as they end",
  description:
    "Server-sent events: `request` with the receipt as data. Ends after some minutes; come back with `Last-Event-ID` to miss nothing. Needs `requests:read`.",
  request: {
    headers: z.object({
      "last-event-id": z.string().optional().openapi({ description: "Id of the last event of the stream before." }),
    }),
  },
  responses: { 200: file("text/event-stream", "Events."), ...errors },
});

/** The company's log of inference requests, served by its account. */
export function mountRequests(app: GatewayApp): void {
  secured(app, listRequests, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listRequests(context, actor, queryOf(c)))),
  );
  secured(app, tailRequests, answerTail);
  secured(app, getRequest, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "billing", (context) => c.env.BILLING.getRequest(context, actor, id)));
  });
  secured(app, cancelRequest, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(c, await call(c, "billing", (context) => c.env.BILLING.cancelRequest(context, actor, id)));
  });
}

async function answerTail(c: GatewayContext): Promise<Reply<200, never> | ErrorReply> {
  const sent = c.req.header("last-event-id") ?? null;
  if (sent !== null && !/^\d{1,16}$/.test(sent)) return refuse(c, NOT_A_POSITION);
  const { REQUEST_TAIL_POLL_MS: pollMs, REQUEST_TAIL_MAX_MS: maxMs } = c.var.config;
  const actor = actorOf(c);
  const read = (after: number | null) =>
    call(c, "billing", (context) => c.env.BILLING.tailRequests(context, actor, after));
  // Read once before the answer begins, so that a refusal has its status.
  const first = await read(sent === null ? null : Number(sent));
  if (!first.ok) return refuse(c, first.error);
  const after = sent === null ? first.value.position : Number(sent);
  return new Response(tailStream({ after, pollMs, maxMs, read }), {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}

const NOT_A_POSITION: ErrorValue = {
  code: "invalid_request",
  message: "last-event-id: must be the id of an event of this stream",
  param: "last-event-id",
};

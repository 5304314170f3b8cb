import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondPage } from "../http/respond.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { NoticeDeadLetter } from "../schemas/notices.ts";

const tags = ["Admin"];

const listNoticeDeadLetters = createRoute({
  method: "get",
  path: "/v1/admin/notices/dead-letters",
  operationId: "listNoticeDeadLetters",
  tags,
  summary: "Notices that could not be handled",
  description: "Platform admins only. Newest first, with the reason and the message's shape; its values stay sealed.",
  request: { query: PageParameters },
  responses: { 200: page(NoticeDeadLetter, "Dead letters."), ...errors },
});

const replayNoticeDeadLetter = createRoute({
  method: "post",
  path: "/v1/admin/notices/dead-letters/{id}/replay",
  operationId: "replayNoticeDeadLetter",
  "x-audit-action": "notice.replayed",
  tags,
  summary: "Handle a dead notice again",
  description: "Platform admins only. Repeating it tells nobody twice; 409 when it still cannot be handled.",
  request: { params: pathId("Id of the dead letter.") },
  responses: { 200: json(NoticeDeadLetter, "The dead letter, now handled."), ...errors },
});

/** Dead letters of the notices' queues, for operators. */
export function mountAdminNotices(app: GatewayApp): void {
  secured(app, listNoticeDeadLetters, async (c, actor) =>
    respondPage(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.adminDeadLetters(context, actor, queryOf(c))),
    ),
  );
  secured(app, replayNoticeDeadLetter, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.adminReplayDeadLetter(context, actor, id)),
    );
  });
}

import type { CallLog } from "../domain/call-log.ts";

/** `GET /sandbox/calls?label=`: the calls that arrived, so that a test can count them. */
export function listCalls(request: Request, log: CallLog): Response {
  const calls = log.list(new URL(request.url).searchParams.get("label"));
  return Response.json({ total: calls.length, calls });
}

/** `DELETE /sandbox/calls`: forgets them. */
export function clearCalls(log: CallLog): Response {
  log.clear();
  return new Response(null, { status: 204 });
}

import type { Actor } from "@aggregator/contracts/actor";
import type { OwnSessionView } from "@aggregator/contracts/identity";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import type { Call } from "../call.ts";
import { selectSessionsOf } from "../db/own-sessions.ts";
import { requirePerson } from "../domain/own-account.ts";
import { ownSessionView } from "../domain/own-session-view.ts";
import { pageOf, positionOf } from "../domain/page.ts";
import { currentSessionOf } from "../sessions/current-session.ts";

/** The asker's sessions that last, in all its companies, newest first. `permission_denied` for an API key, `invalid_request`. */
export async function listSessions(
  call: Call,
  actor: Actor,
  credential: string,
  query: unknown,
): Answer<Page<OwnSessionView>> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const before = positionOf(parsed.value.cursor);
  if (!before.ok) return before;
  const current = await currentSessionOf(call, person.value, credential);
  if (!current.ok) return current;
  const { limit } = parsed.value;
  const rows = await selectSessionsOf(call.db, person.value.memberId, call.nowMs, before.value, limit + 1);
  return ok(pageOf(rows, limit, (row) => ownSessionView(row, current.value)));
}

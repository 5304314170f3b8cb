import type { Actor } from "@aggregator/contracts/actor";
import type { ChangeOutcome } from "@aggregator/contracts/audit";
import { call } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { refuse } from "./respond.ts";

export interface AuditedRoute {
  readonly path: string;
  readonly action: string;
}

/**
 * Answers a request that changes something in another Worker than auth, and has it in the audit log:
 * auth stores the intent first (nothing is changed when it cannot), then hears what came of it. Where
 * that is not known (the Worker died, or took too long) auth enters the change by itself, as unknown.
 */
export async function recordChange(
  c: GatewayContext,
  actor: Actor,
  { path, action }: AuditedRoute,
  change: () => Response | Promise<Response>,
): Promise<Response> {
  const named = Object.values(c.req.param() as Readonly<Record<string, string>>);
  const isOperators = path.startsWith("/v1/admin/");
  const companyId = path.includes("/companies/{id}") ? (named[0] ?? actor.companyId) : actor.companyId;
  const intent = { action, targetId: named.at(-1) ?? actor.companyId, companyId, isOperators };
  const begun = await call(c, "auth", (context) => c.env.AUTH.beginChange(context, actor, intent));
  if (!begun.ok) return refuse(c, begun.error);
  const answer = await change();
  const outcome = await outcomeOf(c, answer);
  if (outcome !== undefined) {
    // Not its failure: what was changed stays changed, and auth enters it without us.
    await call(c, "auth", (context) => c.env.AUTH.endChange(context, begun.value, outcome));
  }
  return answer;
}

/** undefined: nobody knows. */
async function outcomeOf(c: GatewayContext, answer: Response): Promise<ChangeOutcome | undefined> {
  if (isUnknown(answer.status)) return undefined;
  if (!answer.ok || answer.headers.has("idempotent-replayed")) return null;
  const told = c.var.change;
  if (told === null || told?.targetId !== undefined) return told;
  const made = answer.status === 201 ? idIn(await answer.clone().json()) : null;
  return { before: null, after: null, ...told, ...(made === null ? {} : { targetId: made }) };
}

/** 502 is a refusal by somebody else before anything was changed here; of the others nobody knows how far it came. */
function isUnknown(status: number): boolean {
  return status >= 500 && status !== 502;
}

function idIn(body: unknown): string | null {
  const id: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "id") : null;
  return typeof id === "string" ? id : null;
}

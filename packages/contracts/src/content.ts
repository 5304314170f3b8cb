import { z } from "zod";
import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Answer } from "./result.ts";

/** How long content may be kept at most. */
export const MAX_CONTENT_RETENTION_DAYS = 365;

/** Of a prompt, and of an answer, what is kept at most; the rest is cut off. */
export const MAX_CONTENT_CHARS = 1_048_576;

/** Whether a company has its prompts and answers stored, and for how long. Nothing is unless it says so. */
export const ContentPolicy = z.strictObject({
  is_enabled: z.boolean(),
  retention_days: z.int().min(1).max(MAX_CONTENT_RETENTION_DAYS),
});
export type ContentPolicy = z.infer<typeof ContentPolicy>;

/** What is stored of one request; sealed before it is written. */
export const StoredContent = z.object({
  /** The body as the client sent it. */
  request: z.string(),
  /** The answer as the client got it, a stream with its events; null when there was none. */
  response: z.string().nullable(),
  is_truncated: z.boolean(),
  stored_at_ms: z.int(),
});
export type StoredContent = z.infer<typeof StoredContent>;

export interface ContentPolicyView extends ContentPolicy {
  /** null: never, so nothing is stored. */
  readonly changed_at: string | null;
}

export interface RequestContentView {
  readonly request_id: string;
  readonly request: string;
  readonly response: string | null;
  readonly is_truncated: boolean;
  readonly stored_at: string;
  /** When it is deleted. */
  readonly expires_at: string;
}

/** Prompts and answers that a company has stored; its own alone, for nobody else, operators included. */
export interface ContentApi {
  contentPolicy(context: CallContext, actor: Actor): Answer<ContentPolicyView>;
  /** Switching it off forgets what was stored. In force everywhere within a minute. */
  setContentPolicy(context: CallContext, actor: Actor, input: unknown): Answer<ContentPolicyView>;
  /** For an erased company: has nothing stored any more, and all that was deleted. Operators only; a repeat changes nothing. */
  eraseContent(context: CallContext, actor: Actor, companyId: string): Answer<void>;
  /** `not_found` for what was not stored, is past its retention, or is another company's. */
  requestContent(context: CallContext, actor: Actor, requestId: string): Answer<RequestContentView>;
}

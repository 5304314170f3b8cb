import { contentName } from "@aggregator/runtime/content-names";
import { createContentBox, type ContentBox } from "@aggregator/runtime/content-box";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { once } from "@aggregator/runtime/parse-config";
import { withDeadline } from "@aggregator/runtime/with-deadline";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import { configOf, type Env } from "../env.ts";
import type { InferenceCall } from "../pipeline/inference-call.ts";
import { ContentCapture, hasContent } from "./content-capture.ts";
import { wantsContent } from "./content-policy.ts";

/** Well within what the platform gives a request that is over. */
const STORE_TIMEOUT_MS = 10_000;

const boxOf = once((env: Env): Promise<ContentBox> | null => {
  const { contentKey } = configOf(env);
  return contentKey === null ? null : createContentBox(contentKey);
});

/** What keeps a request's content until it is over; null where it is not to be stored. */
export function captureContent(
  env: Env,
  companyId: string,
  request: InferenceRequest,
  nowMs: number,
): ContentCapture | null {
  if (env.CONTENT === undefined || configOf(env).contentKey === null || !hasContent(request)) return null;
  const isWanted = wantsContent(env.CONTENT, companyId, nowMs, configOf(env).log);
  return isWanted === false ? null : new ContentCapture(isWanted, request.text);
}

/** Stores a request's content, sealed, once it is over, where its company wants that. Never throws. */
export async function storeContent(call: InferenceCall): Promise<void> {
  try {
    await withDeadline(store(call), STORE_TIMEOUT_MS);
  } catch (error) {
    call.config.log.error("content_not_stored", { ...correlation(call.context.call), ...defectFields(error) });
  }
}

async function store({ env, caller, context, content }: InferenceCall): Promise<void> {
  if (content === null || !(await content.isWanted)) return;
  const box = await boxOf(env);
  if (box === null || env.CONTENT === undefined) return;
  const name = contentName(caller.companyId, context.call.requestId);
  await env.CONTENT.put(name, await box.seal(caller.companyId, name, JSON.stringify(content.content(Date.now()))));
}

import { answerOf, type ApiError, type ApiResult, failed, trusted } from "./answer.ts";
import { eventsOf } from "./event-stream.ts";

export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** What is known of an answer when it is over. */
export interface ChatReceipt {
  readonly requestId: string | null;
  readonly provider: string | null;
  readonly costNanoUsd: number | null;
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly cost_nano_usd?: number } | null;
  readonly error?: Pick<ApiError, "message"> & { readonly code?: string | null };
}

export interface ChatOptions {
  readonly key: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

/** One streamed chat through the data plane, as any client's. */
export async function streamChat({
  key,
  model,
  messages,
  signal,
  onText,
}: ChatOptions): Promise<ApiResult<ChatReceipt>> {
  const startMs = performance.now();
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } }),
    signal,
  });
  const requestId = response.headers.get("x-request-id");
  if (!response.ok || response.body === null) return answerOf(response);
  let firstTokenMs: number | null = null;
  let costNanoUsd: number | null = null;
  for await (const { data } of eventsOf(response.body)) {
    if (data === "[DONE]") break;
    const chunk = trusted<Chunk>(data);
    if (chunk.error !== undefined) {
      return failed({ code: chunk.error.code ?? "error", message: chunk.error.message, status: 200 }, requestId);
    }
    const text = chunk.choices?.[0]?.delta?.content ?? "";
    if (text !== "") {
      firstTokenMs ??= performance.now() - startMs;
      onText(text);
    }
    costNanoUsd = chunk.usage?.cost_nano_usd ?? costNanoUsd;
  }
  const provider = response.headers.get("x-aggregator-provider");
  return {
    ok: true,
    value: { requestId, provider, costNanoUsd, firstTokenMs, totalMs: performance.now() - startMs },
  };
}

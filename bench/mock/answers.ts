const USAGE = { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21 };
const NAMES = { id: "chatcmpl-bench", created: 1_760_000_000, model: "echo" };

/** A complete chat answer, as bytes. */
export const WHOLE_ANSWER = Buffer.from(
  JSON.stringify({
    ...NAMES,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "The quick brown fox jumps over the lazy dog." },
        finish_reason: "stop",
      },
    ],
    usage: USAGE,
  }),
);

const CHUNK = { ...NAMES, object: "chat.completion.chunk" };

/** A content chunk that carries when it was sent. */
export function contentChunk(sentAtMs: number): string {
  return `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"echo","choices":[{"index":0,"delta":{"content":"@${sentAtMs.toFixed(3)}@"},"finish_reason":null}]}\n\n`;
}

/** The end of a stream: the reason, the usage, the end mark. */
export const STREAM_END = [
  `data: ${JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`,
  `data: ${JSON.stringify({ ...CHUNK, choices: [], usage: USAGE })}\n\n`,
  "data: [DONE]\n\n",
].join("");

import { exports } from "cloudflare:workers";

const ORIGIN = "http://sandbox.example";

/** Sends a request to the sandbox under test. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${ORIGIN}${path}`, init));
}

/** A chat request; `fields` beside model and one user message. */
export function chat(fields: Readonly<Record<string, unknown>> = {}, headers: Record<string, string> = {}) {
  return post("/v1/chat/completions", { messages: [{ role: "user", content: "one two three" }], ...fields }, headers);
}

export function post(
  path: string,
  fields: Readonly<Record<string, unknown>>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return send(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "echo", ...fields }),
  });
}

export interface Frame {
  readonly event: string | null;
  readonly data: string;
}

/** The events of a stream, until it ends or breaks. */
export async function framesOf(response: Response): Promise<{ frames: readonly Frame[]; isBroken: boolean }> {
  let text = "";
  let isBroken = false;
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) text += step.value;
  } catch {
    isBroken = true;
  }
  const frames = text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? null,
      data: /^data: (.*)$/m.exec(block)?.[1] ?? "",
    }));
  return { frames, isBroken };
}

interface ChunkChoice {
  readonly index: number;
  readonly delta: { readonly content?: string };
  readonly finish_reason: string | null;
}

interface Chunk {
  readonly choices: readonly ChunkChoice[];
  readonly usage?: unknown;
}

/** Chunks of a chat stream, without the closing `[DONE]`. */
export function chunksOf(frames: readonly Frame[]): readonly Chunk[] {
  return frames.filter(({ data }) => data !== "[DONE]").map(({ data }) => JSON.parse(data) as Chunk);
}

/** The text of one choice of a stream. */
export function streamedText(chunks: readonly Chunk[], index = 0): string {
  const deltas = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
  return deltas.map(({ delta }) => delta.content ?? "").join("");
}

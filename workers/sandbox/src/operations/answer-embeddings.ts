import { z } from "zod";
import type { CallLog } from "../domain/call-log.ts";
import { countTokens } from "../domain/count-tokens.ts";
import { embed, toBase64 } from "../domain/embed.ts";
import { openCall } from "../http/open-call.ts";
import { playBody } from "../http/play-body.ts";

const EmbeddingsRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2_048)]),
  dimensions: z.int().min(1).max(4_096).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});

const DIMENSIONS = 8;

/** `POST /v1/embeddings`: a unit vector that depends on nothing but its text. */
export async function answerEmbeddings(request: Request, log: CallLog): Promise<Response> {
  const opened = await openCall(request, EmbeddingsRequest, log);
  if (opened instanceof Response) return opened;
  const { body, scenario, call } = opened;
  const texts = typeof body.input === "string" ? [body.input] : body.input;
  const data = texts.map((text, index) => {
    const vector = embed(text, body.dimensions ?? DIMENSIONS);
    return { object: "embedding", index, embedding: body.encoding_format === "base64" ? toBase64(vector) : vector };
  });
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const usage = scenario.usage ?? { prompt_tokens: tokens, total_tokens: tokens };
  const answer = { object: "list", data, model: body.model, ...(scenario.no_usage === true ? {} : { usage }) };
  return playBody(answer, scenario, call);
}

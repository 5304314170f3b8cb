import type { Exchange } from "../../adapters/adapter.ts";

/**
 * A count of tokens for a model whose provider has no such call: our own estimate, the one that rate
 * limits go by. Nothing is sent.
 */
export const estimateTokensExchange: Exchange = {
  answerHere: (request) => JSON.stringify({ input_tokens: request.input.likelyTokens }),
  buildRequest: neverSent,
  readAnswer: neverSent,
  openStream: neverSent,
  readRefusal: neverSent,
};

function neverSent(): never {
  throw new Error("a count that is answered here was sent");
}

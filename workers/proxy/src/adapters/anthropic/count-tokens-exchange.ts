import { ok } from "@aggregator/contracts/result";
import { spliceMembers } from "@aggregator/runtime/parse-json";
import { isObject } from "../../endpoints/read-field.ts";
import type { Exchange } from "../adapter.ts";
import { readRefusal } from "../openai/read-refusal.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { messagesHeaders, messagesUrl } from "./upstream.ts";

/** Anthropic counts by itself, without charge; its answer passes as it is. */
export const countTokensExchange: Exchange = {
  buildRequest: (request, endpoint) =>
    ok({
      url: messagesUrl(endpoint, "messages/count_tokens"),
      headers: messagesHeaders(endpoint, request),
      body: spliceMembers(
        request.text,
        request.members,
        new Map([
          ["model", JSON.stringify(endpoint.upstreamModel)],
          ["models", null],
          ["provider", null],
        ]),
      ),
    }),
  readAnswer(text) {
    const value = parseOrUndefined(text);
    if (!isObject(value) || typeof value["input_tokens"] !== "number") return null;
    return { usage: null, finishReason: null, produced: () => ({ bytes: 0, pieces: 0 }), render: () => text };
  },
  openStream() {
    throw new Error("a count has no stream");
  },
  readRefusal,
};

import { eventsOf } from "./wire.ts";

interface Delta {
  readonly role?: string;
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly { readonly signature?: string }[];
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly id?: string;
    readonly function?: { readonly name?: string; readonly arguments?: string };
  }[];
}

interface Chunk {
  readonly choices: readonly { readonly delta: Delta; readonly finish_reason: string | null }[];
  readonly usage?: unknown;
}

/** A chat stream put together as OpenAI's own client does it. */
export function chunksOf(body: string) {
  const events = eventsOf(body);
  const chunks = events.filter((event) => event !== "[DONE]").map((event) => JSON.parse(event) as Chunk);
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  const deltas = choices.map((choice) => choice.delta);
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const call of deltas.flatMap((delta) => delta.tool_calls ?? [])) {
    const known = (calls[call.index] ??= { id: "", name: "", arguments: "" });
    known.id += call.id ?? "";
    known.name += call.function?.name ?? "";
    known.arguments += call.function?.arguments ?? "";
  }
  return {
    message: {
      content: deltas.map((delta) => delta.content ?? "").join(""),
      reasoning: deltas.map((delta) => delta.reasoning_content ?? "").join(""),
      signature: deltas
        .flatMap((delta) => delta.reasoning_details ?? [])
        .map((detail) => detail.signature ?? "")
        .join(""),
      calls,
    },
    roles: deltas.filter((delta) => delta.role !== undefined).length,
    finish: choices.findLast((choice) => choice.finish_reason !== null)?.finish_reason,
    usage: chunks.findLast((chunk) => chunk.usage !== undefined)?.usage,
    isDone: events.at(-1) === "[DONE]",
  };
}

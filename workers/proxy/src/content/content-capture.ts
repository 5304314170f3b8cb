import { MAX_CONTENT_CHARS, type StoredContent } from "@aggregator/contracts/content";
import type { InferenceRequest } from "../endpoints/inference-request.ts";

/** Keeps the text of one request and of its answer in memory, up to a limit each, until it is over. */
export class ContentCapture {
  /** Whether they are to be stored; a promise while that is not known. */
  readonly isWanted: true | Promise<boolean>;
  readonly #request: string;
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #text: string | null = null;

  constructor(isWanted: true | Promise<boolean>, request: string) {
    this.isWanted = isWanted;
    this.#request = request;
  }

  /** Bytes of a stream on their way to the client; of what is over the limit, and of the chunk around them, nothing is held. */
  collect(bytes: Uint8Array): void {
    const room = MAX_CONTENT_CHARS - this.#bytes;
    if (room > 0) this.#pieces.push(bytes.slice(0, room));
    this.#bytes += bytes.length;
  }

  /** An answer that was given whole. */
  answered(text: string): void {
    this.#text = text;
  }

  /** What is stored of it. */
  content(nowMs: number): StoredContent {
    const response = this.#text ?? (this.#bytes === 0 ? null : this.#streamed());
    const isLong = (text: string | null) => text !== null && text.length > MAX_CONTENT_CHARS;
    return {
      request: this.#request.slice(0, MAX_CONTENT_CHARS),
      response: response?.slice(0, MAX_CONTENT_CHARS) ?? null,
      is_truncated: isLong(this.#request) || isLong(response) || this.#bytes > MAX_CONTENT_CHARS,
      stored_at_ms: nowMs,
    };
  }

  #streamed(): string {
    const decoder = new TextDecoder();
    return this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  }
}

/** Text both ways; files, sound and pictures are not kept, nor is what asks no model. */
export function hasContent({ endpoint, form, isFree }: InferenceRequest): boolean {
  return form === null && !isFree && endpoint !== "/v1/audio/speech" && endpoint !== "/v1/images/generations";
}

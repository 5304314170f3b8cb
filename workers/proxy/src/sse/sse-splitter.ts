const LF = 0x0a;
const CR = 0x0d;

const NOTHING = new Uint8Array(0);

/** One event of a stream. `bytes` is the event as it came, blank line included. */
export interface SseFrame {
  readonly bytes: Uint8Array;
  /** The `event` field, null when absent. */
  readonly event: string | null;
  /** The `data` lines joined by LF; null when the event has none (a comment, a lone `retry`). */
  readonly data: string | null;
}

/** Thrown when one event exceeds the byte limit. */
export class FrameTooLargeError extends Error {
  override readonly name = "FrameTooLargeError";
}

/**
 * Splits a byte stream into server-sent events whatever the chunks: any split (inside a character,
 * between CR and LF), LF, CRLF or CR, comments, several data lines, a byte order mark. Each byte is
 * looked at once; memory is bounded by the longest event, which may have `maxFrameBytes` at most.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseSplitter {
  readonly #maxFrameBytes: number;
  readonly #decoder = new TextDecoder();
  /** Bytes of the event that is not complete yet: the first `#length` of the buffer. */
  #buffer: Uint8Array = NOTHING;
  #length = 0;
  /** How far the pending bytes have been looked at, and whether the line there is empty so far. */
  #scanned = 0;
  #lineIsEmpty = true;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** True when bytes of an unfinished event are held. */
  get hasPending(): boolean {
    return this.#length > 0;
  }

  /** The events that `chunk` completes. Their bytes are views of `chunk` or of memory given away with them. */
  push(chunk: Uint8Array): SseFrame[] {
    const carried = this.#length > 0;
    const bytes = carried ? this.#append(chunk) : chunk;
    const frames: SseFrame[] = [];
    let start = 0;
    let at = this.#scanned;
    let lineIsEmpty = this.#lineIsEmpty;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte !== LF && byte !== CR) {
        lineIsEmpty = false;
        continue;
      }
      // A CR at the very end may be half of a CRLF: wait for the next byte.
      if (byte === CR && at + 1 === bytes.length) break;
      if (byte === CR && bytes[at + 1] === LF) at += 1;
      if (lineIsEmpty) {
        frames.push(this.#frame(bytes.subarray(start, at + 1)));
        start = at + 1;
      }
      lineIsEmpty = true;
    }
    this.#lineIsEmpty = lineIsEmpty;
    this.#keep(bytes, start, at, carried);
    return frames;
  }

  /** The event that the end of the stream leaves without its blank line, or null. */
  flush(): SseFrame | null {
    if (this.#length === 0) return null;
    const frame = this.#frame(this.#buffer.subarray(0, this.#length));
    this.#buffer = NOTHING;
    this.#length = 0;
    return frame;
  }

  #append(chunk: Uint8Array): Uint8Array {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
    return this.#buffer.subarray(0, needed);
  }

  #keep(bytes: Uint8Array, start: number, scanned: number, carried: boolean): void {
    const rest = bytes.length - start;
    if (rest > this.#maxFrameBytes) throw new FrameTooLargeError(`an event exceeds ${this.#maxFrameBytes} bytes`);
    this.#scanned = scanned - start;
    // The buffer's events were given away with it: what is left moves to a new one.
    if (!carried || start > 0) this.#buffer = rest === 0 ? NOTHING : bytes.slice(start);
    this.#length = rest;
  }

  #frame(bytes: Uint8Array): SseFrame {
    let event: string | null = null;
    let data: string | null = null;
    const text = this.#decoder.decode(bytes);
    for (const line of linesOf(text)) {
      const [name, value] = fieldOf(line);
      if (name === "data") data = data === null ? value : `${data}\n${value}`;
      else if (name === "event") event = value;
    }
    return { bytes, event, data };
  }
}

function linesOf(text: string): string[] {
  return text.includes("\r") ? text.split(/\r\n|\r|\n/) : text.split("\n");
}

function fieldOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  return [line.slice(0, colon), line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1)];
}

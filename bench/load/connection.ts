import { connect, type Socket } from "node:net";

const CRLF = Buffer.from("\r\n");
const HEADER_END = Buffer.from("\r\n\r\n");

/** What became of one request. Times are of the machine's monotonic clock, in ms, the same in every process. */
export interface Exchange {
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  readonly status: number;
}

export interface ExchangeListener {
  /** Bytes of the body as they arrive, without their framing. */
  readonly onBody: ((bytes: Buffer, atMs: number) => void) | null;
  readonly onEnd: (exchange: Exchange) => void;
}

/** The machine's monotonic clock: comparable between processes. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * One kept-alive HTTP/1.1 connection that sends prepared bytes and reads answers framed by length or by
 * chunks. Far cheaper than a general client, so that what is measured is the other side.
 */
export class Connection {
  readonly #socket: Socket;
  #listener: ExchangeListener | null = null;
  #rest: Buffer = Buffer.alloc(0);
  #sentAtMs = 0;
  #status = 0;
  /** Bytes of the body or of its present chunk still to come; null while a head or a chunk's head is due. */
  #remaining: number | null = null;
  #isChunked = false;
  #isInBody = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#take(bytes));
    socket.on("error", () => this.#fail());
    socket.on("close", () => this.#fail());
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Connection(socket)));
    });
  }

  /** Sends one request; the one before must have ended. */
  send(request: Buffer, listener: ExchangeListener): void {
    this.#listener = listener;
    this.#sentAtMs = clockMs();
    this.#socket.write(request);
  }

  close(): void {
    this.#listener = null;
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length > 0 && this.#step());
  }

  /** Reads one piece of what has arrived; false when it needs more. */
  #step(): boolean {
    if (!this.#isInBody) return this.#readHead();
    if (this.#isChunked && this.#remaining === null) return this.#readChunkHead();
    return this.#readBody();
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(HEADER_END);
    if (end < 0) return false;
    const head = this.#rest.toString("latin1", 0, end).toLowerCase();
    this.#rest = this.#rest.subarray(end + 4);
    this.#status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/u.exec(head)?.[1];
    this.#isChunked = length === undefined && head.includes("transfer-encoding: chunked");
    this.#remaining = this.#isChunked ? null : Number(length ?? 0);
    this.#isInBody = true;
    if (this.#remaining === 0) this.#end();
    return true;
  }

  #readChunkHead(): boolean {
    const end = this.#rest.indexOf(CRLF);
    if (end < 0) return false;
    const size = Number.parseInt(this.#rest.toString("latin1", 0, end), 16);
    if (size === 0) {
      if (this.#rest.length < end + 4) return false;
      this.#rest = this.#rest.subarray(end + 4);
      this.#end();
      return true;
    }
    this.#rest = this.#rest.subarray(end + 2);
    // The chunk and the line end behind it.
    this.#remaining = size + 2;
    return true;
  }

  #readBody(): boolean {
    const remaining = this.#remaining ?? 0;
    const taken = Math.min(remaining, this.#rest.length);
    const content = this.#isChunked ? Math.min(taken, Math.max(0, remaining - 2)) : taken;
    if (content > 0) this.#listener?.onBody?.(this.#rest.subarray(0, content), clockMs());
    this.#rest = this.#rest.subarray(taken);
    this.#remaining = remaining - taken;
    if (this.#remaining > 0) return false;
    if (this.#isChunked) this.#remaining = null;
    else this.#end();
    return true;
  }

  #end(): void {
    this.#isInBody = false;
    this.#remaining = null;
    this.#finish(this.#status);
  }

  #fail(): void {
    this.#finish(0);
  }

  #finish(status: number): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.onEnd({ sentAtMs: this.#sentAtMs, endedAtMs: clockMs(), status });
  }
}

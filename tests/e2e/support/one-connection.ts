import { Agent, request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** Whether the request went out on the connection that an earlier one had used. */
  readonly reused: boolean;
}

/** A client of one keep-alive connection, which sends exactly what it is told. */
export class OneConnection {
  readonly #origin: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(origin: string) {
    this.#origin = origin;
  }

  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | readonly string[] = "",
  ): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.#origin}${path}`, { method, headers, agent: this.#agent });
      outgoing.once("error", reject);
      outgoing.once("response", (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.once("error", reject);
        incoming.once("end", () => {
          const { reusedSocket } = outgoing;
          resolve({
            status: incoming.statusCode ?? 0,
            body: Buffer.concat(parts).toString("utf8"),
            reused: reusedSocket,
          });
        });
      });
      // Parts without a length go out chunked.
      for (const part of typeof body === "string" ? [] : body) outgoing.write(part);
      outgoing.end(typeof body === "string" ? body : undefined);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

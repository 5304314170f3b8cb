/** One inference call that arrived; `produced` counts the pieces that left. */
export interface Call {
  readonly path: string;
  readonly label: string | null;
  readonly model: string;
  readonly stream: boolean;
  state: "open" | "completed" | "failed" | "aborted";
  produced: number;
}

const MAX_CALLS = 10_000;

/** What this isolate received, so that a test can count upstream calls; the oldest go first. */
export class CallLog {
  #calls: Call[] = [];

  begin(call: Pick<Call, "path" | "label" | "model" | "stream">): Call {
    const begun: Call = { ...call, state: "open", produced: 0 };
    if (this.#calls.length === MAX_CALLS) this.#calls.shift();
    this.#calls.push(begun);
    return begun;
  }

  /** Calls with a label, or all of them. */
  list(label: string | null): readonly Call[] {
    return label === null ? this.#calls : this.#calls.filter((call) => call.label === label);
  }

  clear(): void {
    this.#calls = [];
  }
}

/** Ends a call that is still open; the first end counts. */
export function endCall(call: Call, state: Exclude<Call["state"], "open">): void {
  if (call.state === "open") call.state = state;
}

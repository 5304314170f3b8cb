// A Worker that consumes the queue `notices` and remembers what it carried. Erasable TypeScript with no
// imports of its own: vitest.config.ts strips the types and runs it as it is.
import { WorkerEntrypoint } from "cloudflare:workers";

const messages: unknown[] = [];

export default class NoticesSink extends WorkerEntrypoint {
  override queue(batch: MessageBatch): void {
    for (const message of batch.messages) messages.push(message.body);
  }

  /** Everything so far, oldest first. */
  all(): readonly unknown[] {
    return messages;
  }
}

import type { MetricFamily } from "@aggregator/contracts/metrics";
import { ok, type Result } from "@aggregator/contracts/result";
import { countDeadLetters, type Waiting, waitingEmails, waitingWebhooks } from "../db/count-waiting.ts";
import type { Dependencies } from "../dependencies.ts";

/** The state of this Worker: what waits to go out and what could not be handled. For the gateway, which decides who may see it. */
export async function getMetrics({ db, now }: Dependencies): Promise<Result<readonly MetricFamily[]>> {
  const [emails, webhooks, dead] = await Promise.all([waitingEmails(db), waitingWebhooks(db), countDeadLetters(db)]);
  const channels: readonly (readonly [string, Waiting])[] = [
    ["email", emails],
    ["webhook", webhooks],
  ];
  const nowMs = now();
  return ok([
    {
      name: "aggregator_notifications_waiting",
      help: "E-mails and webhook deliveries that have not gone out yet, retries included.",
      type: "gauge",
      samples: channels.map(([channel, { count }]) => ({ labels: { channel }, value: count })),
    },
    {
      name: "aggregator_notifications_overdue_seconds",
      help: "How long the oldest of them has been due.",
      type: "gauge",
      samples: channels.map(([channel, { dueSinceMs }]) => ({
        labels: { channel },
        value: dueSinceMs === null ? 0 : Math.max(0, (nowMs - dueSinceMs) / 1_000),
      })),
    },
    {
      name: "aggregator_dead_letters",
      help: "Messages that could not be handled and wait for a person, by queue.",
      type: "gauge",
      samples:
        dead.length === 0
          ? [{ labels: { queue: "notices" }, value: 0 }]
          : dead.map(({ queue, count }) => ({ labels: { queue }, value: count })),
    },
  ]);
}

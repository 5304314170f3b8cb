import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Platform } from "../../e2e/walk/platform.ts";

const Outbox = z.object({ data: z.array(z.object({ to: z.string(), kind: z.string(), text: z.string() })) });
const LINK = /https?:\S+\/console\/\S+#token=\w+/;
const ATTEMPTS = 100;

/**
 * The console's link in the newest mail of a kind to an address, once it is there: mails take a queue.
 * `before` is a link that was mailed earlier and is waited past.
 */
export async function linkMailedTo(
  platform: Platform,
  address: string,
  kind: string,
  before: string | null = null,
): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { body } = await platform.send("GET", "/dev/outbox", { headers: { accept: "application/json" } });
    const mail = Outbox.parse(body).data.find((of) => of.to === address && of.kind === kind);
    const link = LINK.exec(mail?.text ?? "")?.[0];
    if (link !== undefined && link !== before) return link;
    await sleep(100);
  }
  throw new Error(`no ${kind} to ${address} in the outbox`);
}

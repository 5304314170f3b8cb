import { createHmac } from "node:crypto";

/** An event as it is delivered: the raw body and its signature. https://docs.stripe.com/webhooks#verify-manually */
export function signEvent(event: object, secret: string, ageSeconds: number): { body: string; signature: string } {
  const body = JSON.stringify(event);
  const at = Math.floor(Date.now() / 1000) - ageSeconds;
  const v1 = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { body, signature: `t=${at},v1=${v1}` };
}

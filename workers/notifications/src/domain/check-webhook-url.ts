import { err, ok, type Result } from "@aggregator/contracts/result";
import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";

/** Whether deliveries may go to a URL; asked when it is saved and again before each attempt. */
export function checkWebhookUrl(url: string, allowPrivate: boolean): Result<URL> {
  const checked = checkOutboundUrl(url, { allowPrivate });
  return checked.ok ? ok(checked.value) : err("invalid_request", `url: ${checked.error.message}`, { param: "url" });
}

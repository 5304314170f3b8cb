import type { BalanceView } from "@aggregator/contracts/billing";
import { formatUsd } from "@aggregator/money/usd-decimal";
import type { Account } from "./account.ts";
import { availableNanoUsd } from "./book.ts";

/** Posted, held and available as people see them. */
export function readBalance({ book }: Account): BalanceView {
  const available = availableNanoUsd(book);
  return {
    currency: "USD",
    posted_nano_usd: book.balanceNanoUsd,
    held_nano_usd: book.heldNanoUsd,
    available_nano_usd: available,
    available: formatUsd(available),
  };
}

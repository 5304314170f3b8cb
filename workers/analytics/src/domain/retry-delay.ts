const BASE_SECONDS = 5;
const MAX_SECONDS = 3_600;

/**
 * How long a message waits before its next delivery: 5 s, doubling to one hour. With the twenty
 * retries of wrangler.toml, a message outlives ten hours without a database.
 */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(MAX_SECONDS, BASE_SECONDS * 2 ** Math.min(Math.max(0, attempts - 1), 20));
}

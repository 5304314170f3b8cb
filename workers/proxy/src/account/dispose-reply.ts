/** Gives back what an RPC reply holds (workerd warns otherwise, also for plain values); the value stays readable. */
export function disposeReply(reply: object): void {
  if (!(Symbol.dispose in reply)) return;
  const dispose: unknown = reply[Symbol.dispose];
  if (typeof dispose === "function") dispose.call(reply);
}

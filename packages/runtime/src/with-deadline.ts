/** Thrown when a call took longer than its deadline. A slow dependency is refused like a dead one. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** `work`, or a DeadlineError after `ms`. The work itself is not cancelled: pass a signal where that matters. */
export async function withDeadline<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

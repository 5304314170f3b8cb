/** Longest that a request waits for another one's answer before it asks by itself. */
const MAX_WAIT_MS = 30_000;

const flights = new Map<string, Promise<void>>();

/** Says that an answer under this name is on its way; call what it returns when it has come or failed. */
export function takeOff(name: string): () => void {
  const landed = Promise.withResolvers<void>();
  flights.set(name, landed.promise);
  return () => {
    if (flights.get(name) === landed.promise) flights.delete(name);
    landed.resolve();
  };
}

/**
 * Waits until the answer that is on its way has come; false when none is. Bounded: a request whose client
 * left may never say that it is over.
 */
export async function waitForFlight(name: string): Promise<boolean> {
  const flight = flights.get(name);
  if (flight === undefined) return false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_WAIT_MS);
  });
  await Promise.race([flight, late]);
  if (timer !== null) clearTimeout(timer);
  return true;
}

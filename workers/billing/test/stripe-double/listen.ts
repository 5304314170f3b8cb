import { createStripeDouble } from "./server.ts";

/** Starts the double on a free loopback port and answers its address. It does not keep the process alive. */
export async function listenOnFreePort(webhookSecret: string): Promise<string> {
  const server = createStripeDouble(webhookSecret);
  // A connection that is closed at the moment of its next use would be a failure that no test asked for.
  server.keepAliveTimeout = 600_000;
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the double has no port"));
      else resolve(address.port);
    });
  });
  server.unref();
  return `http://127.0.0.1:${port}`;
}

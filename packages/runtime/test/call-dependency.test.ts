import { err, ok } from "@aggregator/contracts/result";
import { describe, expect, it } from "vitest";
import { callDependency } from "../src/call-dependency.ts";
import { DeadlineError } from "../src/with-deadline.ts";

describe("calling a dependency", () => {
  it("passes values and expected failures through", async () => {
    const ignore = () => undefined;
    expect(await callDependency("auth", 50, async () => ok(1), ignore)).toEqual({ ok: true, value: 1 });
    expect(await callDependency("auth", 50, async () => err("not_found", "no"), ignore)).toMatchObject({
      error: { code: "not_found" },
    });
  });

  it("answers service_unavailable when it throws, and never its message", async () => {
    const causes: unknown[] = [];
    const answer = await callDependency(
      "auth",
      50,
      () => Promise.reject(new Error("SELECT secret")),
      (cause) => causes.push(cause),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: "service_unavailable", retryAfterSeconds: 1 } });
    expect(JSON.stringify(answer)).not.toContain("SELECT");
    expect(causes).toHaveLength(1);
  });

  it("refuses a slow one like a dead one, within the deadline", async () => {
    const causes: unknown[] = [];
    const startedAtMs = performance.now();
    const never = () => new Promise<never>(() => undefined);
    const answer = await callDependency("auth", 30, never, (cause) => causes.push(cause));
    expect(answer).toMatchObject({ error: { code: "service_unavailable" } });
    expect(causes[0]).toBeInstanceOf(DeadlineError);
    expect(performance.now() - startedAtMs).toBeLessThan(500);
  });
});

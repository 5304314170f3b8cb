import { err, ok, type Result } from "@aggregator/contracts/result";
import type { z } from "zod";

/** What a client sent, parsed; on failure `invalid_request` naming the first wrong field in `param`. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): Result<z.infer<Schema>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue === undefined ? [] : [...issue.path];
  if (issue?.code === "unrecognized_keys") path.push(issue.keys[0] ?? "");
  const param = path.map(String).join(".").slice(0, 200);
  const reason = issue?.message ?? "is not valid";
  if (param === "") return err("invalid_request", `The request is not valid: ${reason}`);
  return err("invalid_request", `${param}: ${reason}`, { param });
}

import type { LoadPlan } from "./load.ts";
import { runLoad } from "./run-load.ts";

/** The load generator's own process: takes a plan, answers with its result. */
process.on("message", (plan: LoadPlan) => {
  void runLoad(plan).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

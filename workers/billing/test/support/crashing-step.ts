import type { WorkflowStep } from "cloudflare:workers";

/** `before`: dies instead of the step. `after`: dies when it has acted, before that is recorded. `twice`: every step acts twice. */
export type FaultKind = "before" | "after" | "twice";

export interface Crash {
  readonly kind: FaultKind;
  /** The step that it hits, counted from 0; ignored for `twice`. */
  readonly at: number;
}

class Crashed extends Error {
  override readonly name = "Crashed";
}

type Work = () => Promise<unknown>;

/**
 * A flow as the platform runs it: what a step answered is kept and not asked for again, and a run that dies is
 * begun anew. Unlike the platform, this one dies where it is told to. Answers how many steps were carried out.
 */
export async function runThrough(run: (step: WorkflowStep) => Promise<void>, crash: Crash | null): Promise<number> {
  const kept = new Map<string, unknown>();
  let carriedOut = 0;
  let isDue = crash !== null && crash.kind !== "twice";
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await run(stepsOf());
      return carriedOut;
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
    }
  }
  throw new Error("the run did not come to its end");

  function stepsOf(): WorkflowStep {
    const names = new Map<string, number>();
    const carryOut = async (name: string, _config: object, work: Work): Promise<unknown> => {
      const times = (names.get(name) ?? 0) + 1;
      names.set(name, times);
      const id = `${name}-${times}`;
      if (kept.has(id)) return kept.get(id);
      const isHit = isDue && crash?.at === carriedOut;
      if (isHit) isDue = false;
      if (isHit && crash?.kind === "before") throw new Crashed();
      const value = await work();
      if (crash?.kind === "twice") await work();
      if (isHit) throw new Crashed();
      carriedOut += 1;
      kept.set(id, structuredClone(value));
      return value;
    };
    return { do: carryOut } as unknown as WorkflowStep;
  }
}

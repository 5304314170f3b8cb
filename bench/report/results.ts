import type { RequestCounts } from "../counting/count-requests.ts";
import type { AccountFigures } from "../scenarios/accounts.ts";
import type { AuthenticationFigure } from "../scenarios/authentication.ts";
import type { BundleFigure } from "../scenarios/bundle-sizes.ts";
import type { GrownFigures } from "../scenarios/growth.ts";
import type { SoakFigure } from "../scenarios/soak.ts";
import type { StreamFigure } from "../scenarios/streams.ts";
import type { ThroughputFigure } from "../scenarios/throughput.ts";
import type { SubjectName } from "../subjects/subject.ts";

/** One run of the benchmark, as it is kept in JSON. */
export interface BenchResults {
  readonly at: string;
  readonly commit: string;
  readonly isQuick: boolean;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly node: string;
    readonly workerd: string;
    /** Runnable processes per core when the run began: above 0.3 the figures are of a busy machine. */
    readonly loadPerCore: number;
  };
  readonly coldStartMs: number;
  readonly memoryMiB: {
    readonly atRest: Readonly<Partial<Record<SubjectName, number>>>;
    readonly afterLoad: Readonly<Partial<Record<SubjectName, number>>>;
  };
  readonly bundles: readonly BundleFigure[];
  readonly throughput: readonly ThroughputFigure[];
  readonly bodies: readonly (ThroughputFigure & { readonly promptBytes: number })[];
  readonly streams: readonly StreamFigure[];
  readonly accounts: AccountFigures | null;
  readonly grown: GrownFigures | null;
  readonly authentication: AuthenticationFigure | null;
  readonly counts: { readonly during: RequestCounts; readonly inAll: RequestCounts } | null;
  readonly soak: SoakFigure | null;
}

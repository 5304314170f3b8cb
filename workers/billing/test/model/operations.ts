import { checkpoint } from "../../src/account/checkpoint.ts";
import { collectCells, storeCells } from "../../src/account/collect-cells.ts";
import { endRequest } from "../../src/account/end-request.ts";
import { grant } from "../../src/account/grant.ts";
import { reserve } from "../../src/account/reserve.ts";
import { sweepLeases } from "../../src/account/sweep-leases.ts";

/** The operations under test; a mutant replaces one of them or the transaction around all. */
export interface Operations {
  readonly reserve: typeof reserve;
  readonly checkpoint: typeof checkpoint;
  readonly endRequest: typeof endRequest;
  readonly sweepLeases: typeof sweepLeases;
  readonly grant: typeof grant;
  readonly collectCells: typeof collectCells;
  readonly storeCells: typeof storeCells;
  readonly transactional: boolean;
}

export const OPERATIONS: Operations = {
  reserve,
  checkpoint,
  endRequest,
  sweepLeases,
  grant,
  collectCells,
  storeCells,
  transactional: true,
};

import type { Effort } from '../effort.ts';
import type { Row } from '../row.ts';
import { coldStart } from './cold-start.ts';
import { coordinatorKill } from './coordinator-kill.ts';
import { footprint } from './footprint.ts';
import { gateOpening } from './gate.ts';
import { importCost } from './import-cost.ts';
import { joining } from './join.ts';
import { leaseRelease } from './lease-release.ts';

/** Joining, leaving, dying, starting and waiting: what everything else stands on. */
export const core: readonly ((effort: Effort) => Promise<Row[]>)[] = [
  joining,
  importCost,
  leaseRelease,
  coordinatorKill,
  coldStart,
  gateOpening,
  footprint,
];

import type { ProbePlan } from '../../protocol/plan.ts';
import { resolvePackage } from '../packages.ts';
import { requireProgram } from '../programs.ts';
import { IOREDIS } from './redis.ts';
import { PG } from './sql.ts';

/** Checks the programs and packages a probe needs. @throws GreenroomError BINARY_NOT_FOUND, PACKAGE_NOT_FOUND */
export function preflightProbe(
  subject: string,
  probe: ProbePlan,
  root: string,
  env: Readonly<Record<string, string>>,
): void {
  switch (probe.probe) {
    case 'exec':
      requireProgram(subject, probe.run[0] ?? '', root, env['PATH'] ?? '');
      break;
    case 'sql':
      resolvePackage(PG, root);
      break;
    case 'redis':
      resolvePackage(IOREDIS, root);
      break;
    case 'all':
    case 'any':
      for (const child of probe.of) preflightProbe(subject, child, root, env);
      break;
    default:
  }
}

import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';
import { layOutSpecs, onLiveServer, onNoServer, runVitest, SPECS, summaryOf, type VitestReport } from './vitest.ts';

/** What Greenroom puts before the error of a clean-up that follows from a failed set-up. */
const MARK = 'secondary, follows from the failed set-up';

type Env = Readonly<Record<string, string>>;

/** Set-up fails, clean-up closes what was never opened: each spec has two errors, and half of them say nothing. */
export const R11: Story = {
  id: 'R11',
  title: '`afterEach` closes what a failed `beforeEach` never opened: 57 specs, 114 errors',
  loss: 'secondary errors that look like reasons',
  runs: 3,
  // Dead infrastructure: no hook runs, and one cause holds all specs. A live one that refuses: all are marked.
  expected: {
    causes: 1,
    'specs blocked': SPECS,
    'errors when dead': 0,
    'errors when it refuses': 2 * SPECS,
    marked: SPECS,
  },
  plain: (fault) =>
    onStage('R11', (stage) =>
      fault ? onNoServer((env) => plain(stage, env)) : onLiveServer(stage, (env) => plain(stage, env)),
    ),
  greenroom: async (fault) => {
    if (!fault) return onStage('R11', async (stage) => outcomeOf(await run(stage, 'vitest.config.mjs', {})));
    const dead = await onStage('R11', dying);
    const refused = await onStage('R11', (stage) => run(stage, 'vitest.config.mjs', { MISSING: 'connection' }));
    const { total, lost, counts: { errors = 0, marked = 0 } = {} } = outcomeOf(refused);
    return {
      total: total + dead.total,
      lost: lost + dead.lost,
      counts: { ...dead.counts, 'errors when it refuses': errors, marked },
    };
  },
};

async function plain(stage: Stage, env: Env): Promise<Outcome> {
  return outcomeOf(await run(stage, 'plain.config.mjs', env));
}

/** The infrastructure does not come up: no spec and no hook runs, and there is one reason for all of that. */
async function dying(stage: Stage): Promise<Outcome> {
  const { total, lost, counts: { errors = 0 } = {} } = outcomeOf(await run(stage, 'vitest.config.mjs', { DEAD: '1' }));
  const { verdicts } = summaryOf(stage);
  const infra = verdicts.filter(({ verdict }) => verdict === 'INFRA');
  const causes = new Set(infra.map(({ code, evidence: [first] }) => `${code} ${first?.text}`));
  const blocked = verdicts.filter(({ verdict, code }) => verdict === 'NEVER_RAN' && code !== undefined);
  return { total, lost, counts: { causes: causes.size, 'specs blocked': blocked.length, 'errors when dead': errors } };
}

async function run(stage: Stage, config: string, env: Env): Promise<VitestReport> {
  await layOutSpecs(stage);
  return runVitest(stage, 'vitest', ['--config', config], env);
}

/** Lost is a spec of whose errors more than one looks like the reason. */
function outcomeOf({ testResults }: VitestReport): Outcome {
  const specs = testResults.flatMap(({ assertionResults }) => assertionResults);
  const errors = specs.flatMap(({ failureMessages }) => failureMessages);
  const misled = specs.filter(({ failureMessages }) => failureMessages.filter((text) => !isMarked(text)).length > 1);
  return {
    total: specs.length,
    lost: misled.length,
    counts: { errors: errors.length, marked: errors.filter(isMarked).length },
  };
}

function isMarked(message: string): boolean {
  return message.includes(MARK);
}

/** Asks probes: once, or until they pass. */
import { setTimeout as delay } from 'node:timers/promises';
import { describeError, isGreenroomError } from '../../protocol/failure.ts';
import type { Code } from '../../protocol/codes.ts';
import type { ProbePlan } from '../../protocol/plan.ts';
import type { Answer, ProbeContext } from './answer.ts';
import { askCapacity } from './capacity.ts';
import { askExec } from './exec.ts';
import { askFunction } from './function.ts';
import { askHttp } from './http.ts';
import { askLog, untilLogMatches } from './log.ts';
import { askRedis } from './redis.ts';
import { askSql } from './sql.ts';
import { askTcp } from './tcp.ts';
import { pauseAfter } from './timing.ts';

export type { Answer, ProbeContext } from './answer.ts';

type Fields = Readonly<Record<string, string>>;

/** What a function of the config may do before all is up; any other error of ours means "never". */
const NOT_YET: ReadonlySet<Code> = new Set<Code>(['FUNCTION_FAILED', 'FUNCTION_TIMEOUT']);

/**
 * One try. What goes wrong in it is an answer.
 *
 * @throws GreenroomError for what no later try can mend (a missing package, an unknown alias, a dead config host),
 * and the signal's reason when it is aborted.
 */
export async function askOnce(probe: ProbePlan, ctx: ProbeContext): Promise<Answer> {
  if (probe.probe === 'all' || probe.probe === 'any') {
    return combine(probe.probe, await Promise.all(probe.of.map((child) => askOnce(child, ctx))));
  }
  try {
    return await askLeaf(probe, ctx);
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (isGreenroomError(error) && !NOT_YET.has(error.code)) throw error;
    return { ok: false, threw: true, fields: {}, answer: `${probe.probe}: ${describeError(error)}` };
  }
}

function askLeaf(probe: Exclude<ProbePlan, { probe: 'all' | 'any' }>, ctx: ProbeContext): Promise<Answer> {
  switch (probe.probe) {
    case 'tcp':
      return askTcp(probe, ctx);
    case 'http':
      return askHttp(probe, ctx);
    case 'exec':
      return askExec(probe, ctx);
    case 'log':
      return askLog(probe, ctx);
    case 'sql':
      return askSql(probe, ctx);
    case 'redis':
      return askRedis(probe, ctx);
    case 'function':
      return askFunction(probe, ctx);
    case 'capacity':
      return askCapacity(probe, ctx);
  }
}

/** Of several generations the lowest counts, as all of them must have come so far; of alternatives, the one that passed. */
function combine(mode: 'all' | 'any', answers: readonly Answer[]): Answer {
  const lacking = answers.filter(({ ok }) => !ok);
  const passed = answers.filter(({ ok }) => ok);
  const ok = mode === 'all' ? lacking.length === 0 : passed.length > 0;
  const counting = mode === 'all' ? passed : passed.slice(0, 1);
  const generations = counting.flatMap(({ generation }) => generation ?? []);
  return {
    ok,
    ...(!ok && lacking.every(({ threw }) => threw) ? { threw: true } : {}),
    ...(ok && generations.length > 0 ? { generation: Math.min(...generations) } : {}),
    fields: mergeFields(counting.map(({ fields }) => fields)),
    answer: (ok ? counting : lacking).map(({ answer }) => answer).join('; '),
  };
}

/**
 * Asks until the probe passes, and returns the fields it found. Of `all` each must have passed once; `any` ends with
 * the first that does.
 *
 * @throws what `askOnce` throws; when the signal is aborted, its reason if that is an error of ours, else an error
 * that says what the last try answered.
 */
export async function untilPasses(probe: ProbePlan, ctx: ProbeContext): Promise<Fields> {
  if (probe.probe === 'all' || probe.probe === 'any') return untilGroupPasses(probe.probe, probe.of, ctx);
  const begin = Date.now();
  let last = 'no try has ended yet';
  const refused = (answer: string): void => {
    last = answer;
    if (Date.now() - begin >= (probe.startPeriod ?? 0)) ctx.onAnswer?.(answer);
  };
  try {
    if (probe.probe === 'log') return (await untilLogMatches(probe, ctx, refused)).fields;
    for (;;) {
      const answer = await askOnce(probe, ctx);
      if (answer.ok) return answer.fields;
      refused(answer.answer);
      await delay(pauseAfter(Date.now() - begin, probe), undefined, { signal: ctx.signal });
    }
  } catch (error) {
    if (!ctx.signal.aborted || isGreenroomError(error)) throw error;
    if (isGreenroomError(ctx.signal.reason)) throw ctx.signal.reason;
    throw new Error(last, { cause: error });
  }
}

async function untilGroupPasses(mode: 'all' | 'any', probes: readonly ProbePlan[], ctx: ProbeContext): Promise<Fields> {
  const answers = probes.map(() => '');
  const others = new AbortController();
  const waits = probes.map(async (probe, index) => {
    const fields = await untilPasses(probe, {
      ...ctx,
      signal: AbortSignal.any([ctx.signal, others.signal]),
      onAnswer: (answer) => {
        answers[index] = answer;
        ctx.onAnswer?.(answers.filter((text) => text !== '').join('; '));
      },
    });
    answers[index] = '';
    return fields;
  });
  try {
    // A wait only rejects for good, so the first to settle decides about `any`.
    return mode === 'all' ? mergeFields(await Promise.all(waits)) : await Promise.race(waits);
  } finally {
    others.abort();
    await Promise.allSettled(waits);
  }
}

function mergeFields(all: readonly Fields[]): Fields {
  return Object.assign({}, ...all) as Fields;
}

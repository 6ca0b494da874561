/** The suite module's `each` bodies: once for each evaluation of the module, so once a worker without isolation. */
import type { Session } from '../../client/session.ts';
import { within } from '../../platform/deadline.ts';
import { describeError, GreenroomError, isGreenroomError, type Failure } from '../../protocol/failure.ts';
import type { Endpoints, Json } from '../../protocol/plan.ts';
import { runBody, runCleanups, type Body, type Cleanups } from '../../suite/bodies.ts';
import { placeIn } from '../../suite/place.ts';
import { collectSuite, type Pair, type Suite } from '../../suite/registry.ts';
import { RunCancelled, unlessCancelled } from './cancel.ts';
import { worker } from './lease.ts';
import { kept } from './place.ts';

/** Milliseconds that an `each` body has, where it says nothing else. */
const EACH_MS = 60_000;
/** Milliseconds that are waited for a body that was called off, and that may not listen. */
const SETTLE_MS = 1_000;

/** One evaluation of the suite module. */
interface Evaluation {
  /** Absolute path of the module. */
  readonly module: string;
  declared: Suite;
  readonly cleanups: Cleanups;
  /** For which session it was begun: a generation that follows has another value. */
  begun?: Session | undefined;
  /** What the first `each` body failed with. No spec runs with this evaluation. */
  failure?: Failure | undefined;
}

const state = kept<{
  evaluation: Evaluation;
  /** What the module declared when it was evaluated last. */
  declared: Suite;
}>('suite');

/** Makes room for what the suite module declares. To be called before a spec can import it. */
export function expectSuite(module: string): void {
  state.evaluation ??= { module, declared: collectSuite(), cleanups: [] };
}

/**
 * Imports the suite module and runs its first `each` body, unless that has been done.
 *
 * @param load imports the module as Vite does for the specs, so that they share its state
 * @param value of the first `once` body; without one, the body is left out: `once` has failed, or skipped all
 * @throws GreenroomError FUNCTION_FAILED, FUNCTION_TIMEOUT; RunCancelled
 */
export async function beginEach(
  load: () => Promise<unknown>,
  endpoints: Endpoints,
  value: { readonly value: Json } | undefined,
): Promise<void> {
  const { evaluation } = state;
  const { session } = worker;
  if (evaluation === undefined || session === undefined) return;
  if (evaluation.begun !== session) {
    evaluation.begun = session;
    evaluation.failure = await failureOf('the suite module', evaluation.module, async () => {
      await load();
      const { before } = (evaluation.declared = declaredBy(evaluation));
      if (before === undefined || value === undefined) return;
      const calledOff = new AbortController();
      const body = runEach(
        'synchronizedBeforeSuite',
        before,
        evaluation,
        (context) => [value.value, endpoints, context],
        calledOff.signal,
      );
      await unlessCancelled(body).catch(async (error: unknown) => {
        calledOff.abort(error);
        await within(Promise.allSettled([body]), SETTLE_MS, () => undefined);
        throw error;
      });
    });
  }
  if (evaluation.failure !== undefined) throw new GreenroomError(evaluation.failure);
}

/** Some pools keep the module although they isolate: Vitest 4's with contexts, when they have one worker. */
function declaredBy({ declared }: Evaluation): Suite {
  const anew = declared.before !== undefined || declared.after !== undefined;
  if (anew || state.declared === undefined) state.declared = declared;
  return state.declared;
}

/** Runs the second `each` body, then what was registered with `onCleanup`. Returns what went wrong. */
export async function endEach(endpoints: Endpoints): Promise<Failure | undefined> {
  const { evaluation } = state;
  if (evaluation?.begun === undefined) return undefined;
  delete state.evaluation;
  const { module, declared, cleanups } = evaluation;
  const { after } = declared;
  const failure = await failureOf('the suite module', module, async () => {
    if (after !== undefined) await runEach('synchronizedAfterSuite', after, evaluation, (body) => [endpoints, body]);
  });
  const problems = await runCleanups(cleanups, after?.options.timeout ?? EACH_MS);
  if (problems.length === 0) return failure;
  const reasons = [...(failure ? [failure.message] : []), ...problems];
  return failed('what `each` bodies registered with onCleanup', reasons, module);
}

async function runEach(
  name: string,
  { each, options }: Pair,
  { module, cleanups }: Evaluation,
  args: (body: Body) => readonly unknown[],
  calledOff?: AbortSignal,
): Promise<void> {
  const what = `the \`each\` body of ${name}`;
  const failure = await failureOf(what, module, () =>
    // The module's own types have checked what its bodies take.
    runBody(
      what,
      options.timeout ?? EACH_MS,
      cleanups,
      (body) => (each as (...given: readonly unknown[]) => unknown)(...args(body)),
      calledOff,
    ),
  );
  if (failure !== undefined) throw new GreenroomError(failure);
}

async function failureOf(what: string, module: string, act: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof RunCancelled) throw error;
    return isGreenroomError(error) ? error.failure : failed(what, [describeError(error)], module, error);
  }
}

function failed(what: string, reasons: readonly string[], module: string, error?: unknown): Failure {
  const message = `${what} threw: ${reasons.join('; ')}`;
  return { code: 'FUNCTION_FAILED', message, subject: 'suite', hint: `look at ${placeIn(module, error)}` };
}

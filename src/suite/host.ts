import { pathToFileURL } from 'node:url';
import { within } from '../platform/deadline.ts';
import { describeError, GreenroomError, isGreenroomError } from '../protocol/failure.ts';
import type { Endpoints, Json } from '../protocol/plan.ts';
import { lostAsJson } from './json.ts';
import { lineIn, placeIn } from './place.ts';
import { isSkip, runBody, runCleanups, SkipSuite, type Body, type Cleanups } from './bodies.ts';
import { collectSuite, type Suite } from './registry.ts';

/** Milliseconds that the final body waits for a first one that it has called off, and that may not listen. */
const SETTLE_MS = 1_000;

/** What the first `once` body came to: what it returned, or why the suite is skipped. */
type Outcome = { readonly value: Json } | { readonly skipped: string };

/** The `once` bodies of a suite module, as the config host runs them. */
export class SuiteHost {
  private readonly module: string;
  private readonly cleanups: Cleanups = [];
  private loaded: Promise<Suite> | undefined;
  /** The first body, as long as it runs: the final one ends it. */
  private running: { readonly calledOff: AbortController; readonly ended: Promise<unknown> } | undefined;

  /** @param module absolute path */
  constructor(module: string) {
    this.module = module;
  }

  /** @throws GreenroomError FUNCTION_FAILED, FUNCTION_TIMEOUT, or CONFIG_* for a module that cannot be used */
  async before(endpoints: Endpoints, timeout: number): Promise<Outcome> {
    const { before } = await this.load();
    if (before === undefined) return { value: null };
    const calledOff = new AbortController();
    const body = this.run(
      'synchronizedBeforeSuite',
      timeout,
      (context) => call(before.once, endpoints, { ...context, skip }),
      calledOff.signal,
    );
    this.running = { calledOff, ended: body.catch(() => undefined) };
    try {
      return { value: this.checked(await body) };
    } catch (error) {
      if (isSkip(error)) return { skipped: error.message };
      throw error;
    } finally {
      this.running = undefined;
    }
  }

  /** Runs although the first body failed; not when the module could not even be imported. */
  async after(endpoints: Endpoints, timeout: number): Promise<void> {
    const { after } = await this.load().catch((): Suite => ({}));
    this.running?.calledOff.abort(new Error('the suite is taken down'));
    await within(this.running?.ended ?? Promise.resolve(), SETTLE_MS, () => undefined);
    if (after === undefined) return;
    await this.run('synchronizedAfterSuite', timeout, (body) => call(after.once, endpoints, body));
  }

  /** What the bodies registered for the end, the last first. */
  async cleanUp(timeout: number): Promise<void> {
    const problems = await runCleanups(this.cleanups, timeout);
    if (problems.length > 0)
      throw this.failed('what its `once` bodies registered with onCleanup', problems.join('; '), this.module);
  }

  private async run<T>(
    name: string,
    timeout: number,
    body: (context: Body) => T | Promise<T>,
    calledOff?: AbortSignal,
  ): Promise<T> {
    const what = `the \`once\` body of ${name}`;
    try {
      return await runBody(what, timeout, this.cleanups, body, calledOff);
    } catch (error) {
      if (isSkip(error) || isGreenroomError(error)) throw error;
      console.error(error);
      throw this.failed(what, describeError(error), placeIn(this.module, error));
    }
  }

  /** @throws GreenroomError FUNCTION_FAILED when workers would get something else than was returned */
  private checked(value: unknown): Json {
    const lost = lostAsJson(value);
    if (lost === undefined) return (value ?? null) as Json;
    const what = 'the `once` body of synchronizedBeforeSuite';
    throw new GreenroomError({
      code: 'FUNCTION_FAILED',
      message: `what ${what} returned is no JSON: ${lost}`,
      subject: 'suite',
      hint: `every worker is sent what it returns; it is in ${this.module}`,
    });
  }

  private failed(what: string, why: string, place: string): GreenroomError {
    const message = `${what} threw: ${why}`;
    return new GreenroomError({ code: 'FUNCTION_FAILED', message, subject: 'suite', hint: `look at ${place}` });
  }

  private load(): Promise<Suite> {
    this.loaded ??= this.import();
    return this.loaded;
  }

  private async import(): Promise<Suite> {
    const suite = collectSuite();
    try {
      await import(pathToFileURL(this.module).href);
    } catch (error) {
      if (isGreenroomError(error)) throw error;
      throw new GreenroomError({
        code: 'CONFIG_LOAD_FAILED',
        message: `importing the suite module ${this.module} failed: ${describeError(error)}`,
        hint: importHint(this.module, error),
        subject: 'suite',
      });
    }
    if (suite.before !== undefined || suite.after !== undefined) return suite;
    throw new GreenroomError({
      code: 'CONFIG_INVALID',
      message: `the suite module ${this.module} declares nothing`,
      hint: "call synchronizedBeforeSuite or synchronizedAfterSuite of 'greenroom/suite' at its top level",
      subject: 'suite',
    });
  }
}

function skip(reason: string): never {
  throw new SkipSuite(reason);
}

function importHint(module: string, error: unknown): string {
  const line = lineIn(module, error);
  return line === undefined
    ? 'Node imports it as it is: relative imports are written with their ending, and types are only stripped'
    : `correct it at ${module}:${line}`;
}

/** The module's own types have checked what its bodies take. */
function call(body: (...args: never[]) => unknown, ...args: readonly unknown[]): unknown {
  return (body as (...args: readonly unknown[]) => unknown)(...args);
}

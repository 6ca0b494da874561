/** The configuration of a container: environment, words of its command and rendered files, all as seen from inside. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Endpoint, Endpoints } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { resolveEnv } from '../env.ts';
import { checkEffective } from '../service-config/effective.ts';
import { MOUNTED, placeOf, render, withFiles, write, type Rendered, type Self } from '../service-config/files.ts';
import { givenSources } from '../service-config/origin.ts';
import { FILES_INSIDE } from './create.ts';
import type { ContainerJobPlan, ContainerPlan } from './options.ts';

export interface Configured<P extends ContainerJobPlan> {
  /** With the directory of its files in its words. */
  readonly options: P;
  readonly env: Readonly<Record<string, string>>;
  readonly self: Self;
  readonly rendered: readonly Rendered[];
  /** Of the rendered files, on this machine. */
  readonly directory: string | undefined;
  /** All of it: what → text. */
  readonly told: Readonly<Record<string, string>>;
}

/**
 * Renders it, and writes the files.
 *
 * @param needs as the container sees them
 * @param port that it shall listen on, of a server
 */
export async function configure<P extends ContainerJobPlan>(
  options: P,
  ctx: ResourceContext,
  needs: Endpoints,
  port: number | undefined,
): Promise<Configured<P>> {
  const { files: own } = await placeOf(options.files, ctx);
  const inside = own === undefined ? undefined : FILES_INSIDE;
  const self = { ...(port === undefined ? {} : { port }), ...(inside === undefined ? {} : { files: inside }) };
  const rendered = await render(options.files, ctx, needs, self);
  // Users of the container may read them. Others of this machine do not get through the directory above.
  const directory = own === undefined ? undefined : join(own, 'files');
  if (directory !== undefined) {
    await mkdir(directory);
    await write(directory, rendered, MOUNTED);
  }
  const env = await resolveEnv(options.env, { ...ctx, needs }, self);
  const words = (from: readonly string[] | undefined) => from?.map((word) => withFiles(word, inside));
  const [entrypoint, command] = [words(options.entrypoint), words(options.command)];
  const filled = {
    ...options,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(command === undefined ? {} : { command }),
  };
  const told = {
    ...env,
    ...Object.fromEntries(wordsOf(filled).map((word, index) => [`word ${index + 1} of its command`, word])),
    ...Object.fromEntries(rendered.map(({ path, text }) => [`its file ${path}`, text])),
  };
  return { options: filled, env, self, rendered, directory, told };
}

/** What it is asked with. */
interface Asked {
  readonly ctx: ResourceContext;
  readonly needs: Endpoints;
  readonly config: Configured<ContainerPlan>;
}

/** @throws GreenroomError CONFIG_OVERRIDDEN */
export function checkConfig({ ctx, needs, config }: Asked, endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  const { options, env, self, rendered } = config;
  return checkEffective(options.effective, ctx, {
    needs,
    self,
    endpoint,
    untilPasses: (probe, of) => ctx.untilPasses(probe, of, { signal }),
    sources: () => Promise.resolve(givenSources(rendered, env, wordsOf(options))),
  });
}

const wordsOf = ({ entrypoint = [], command = [] }: ContainerJobPlan): readonly string[] => [...entrypoint, ...command];

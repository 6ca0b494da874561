import { realpathSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Vitest } from 'vitest/node';
import { findConfig } from '../config/find.ts';
import { planAnew } from '../config/plan-anew.ts';
import { makePlan, type Planned } from '../config/planned.ts';
import { GreenroomError, type Failure } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';

/** The plan of a Vitest process. One that watches makes it anew when something has changed that it was made from. */
export class Plans {
  private readonly vitest: Vitest;
  private readonly watched = new Set<string>();
  private planned: Planned | undefined;
  private changed = false;

  constructor(vitest: Vitest) {
    this.vitest = vitest;
    if (!vitest.config.watch) return;
    vitest.vite.watcher.on('all', (_, path) => {
      if (this.watched.has(path)) this.changed = true;
    });
  }

  /** @throws GreenroomError CONFIG_* for a config that cannot work, and what else `toPlan` finds missing */
  async current(): Promise<Plan> {
    const planned = await this.upToDate();
    if ('failure' in planned) throw new GreenroomError(hinted(planned.failure, this.vitest));
    return planned.plan;
  }

  private async upToDate(): Promise<Planned> {
    const { planned: last, vitest } = this;
    if (last !== undefined && 'plan' in last && !this.changed) return last;
    this.changed = false;
    const { root, watch } = vitest.config;
    const next = last === undefined ? await makePlan(root) : await planAnew(root);
    if (watch) this.watch(next.files);
    return (this.planned = next);
  }

  /** Their change makes Vitest run all files again, as that of its own config. */
  private watch(files: readonly string[]): void {
    const added = files.filter((file) => !this.watched.has(file));
    if (added.length === 0) return;
    for (const file of added) this.watched.add(file);
    this.vitest.vite.watcher.add(added);
    this.vitest.config.forceRerunTriggers.push(...added.map(literally));
  }
}

/** Of a config that is there, but beside one project: a run has one, found from its root. */
function hinted(failure: Failure, { config: { root }, projects }: Vitest): Failure {
  if (failure.code !== 'CONFIG_NOT_FOUND') return failure;
  const own = projects.map((project) => configAbove(project.config.root)).find((file) => file !== undefined);
  if (own === undefined) return failure;
  const path = relative(realpathSync(root), own);
  return { ...failure, hint: `${path} is below it: move it up, or run Vitest in ${dirname(path)}` };
}

function configAbove(dir: string): string | undefined {
  try {
    return findConfig(dir).file;
  } catch {
    return undefined;
  }
}

/** A path as a pattern that matches nothing else. */
function literally(path: string): string {
  return path.replaceAll(/[\\$^*+?()[\]{}|!@]/g, String.raw`\$&`);
}

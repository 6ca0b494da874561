import type { Vitest } from 'vitest/node';
import { planAnew } from '../config/plan-anew.ts';
import { makePlan, type Planned } from '../config/planned.ts';
import { GreenroomError } from '../protocol/failure.ts';
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
    if ('failure' in planned) throw new GreenroomError(planned.failure);
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

/** A path as a pattern that matches nothing else. */
function literally(path: string): string {
  return path.replaceAll(/[\\$^*+?()[\]{}|!@]/g, String.raw`\$&`);
}

import type { TestModule, TestRunEndReason, TestSpecification, Vitest } from 'vitest/node';
import { causesOf } from '../../attribution/causes.ts';
import { countsOf } from '../../attribution/classes.ts';
import type { RunFacts } from '../../attribution/facts.ts';
import { judge } from '../../attribution/verdicts.ts';
import { describeError } from '../../protocol/failure.ts';
import { recordOf } from '../run-record.ts';
import { collected, ofThisShard } from '../selection.ts';
import { specsOf } from '../worker/tasks.ts';
import { type Ended, exitOf } from './ending.ts';
import { factsOf } from './facts.ts';
import { isInfrastructure, summaryLines } from './lines.ts';
import { mark, unmarkSkipped } from './mark.ts';
import { readUnreached } from './reach.ts';
import { writeSummary } from './summary-file.ts';
import { fileOf } from './tasks.ts';

/** Counts specs from their collection, gives each failure its verdict, and sets the exit code. */
export class Accountant {
  private readonly vitest: Vitest;
  private readonly infraExitCode: number | undefined;
  /** Missing when we were added after the run had started. */
  private specifications: readonly TestSpecification[] | undefined;
  private readonly reached = new Set<string>();
  private readonly declared = new Set<string>();

  constructor(vitest: Vitest, infraExitCode: number | undefined) {
    this.vitest = vitest;
    this.infraExitCode = infraExitCode;
  }

  started(specifications: readonly TestSpecification[]): void {
    this.specifications = specifications;
    this.reached.clear();
    this.declared.clear();
  }

  /** Now, because a spec that was left out later looks the same at the end. */
  collected(module: TestModule): void {
    this.reached.add(module.id);
    for (const { id, mode } of specsOf(fileOf(module))) {
      if (mode === 'skip' || mode === 'todo') this.declared.add(id);
      else this.declared.delete(id);
    }
  }

  /** Before other reporters write what they have. */
  async judge(modules: TestModule[], errors: readonly unknown[], reason: TestRunEndReason): Promise<Ended> {
    const { vitest, reached, declared } = this;
    const replayed = Boolean(vitest.config.mergeReports);
    if (!replayed) await readUnreached(vitest, await this.selected(), modules, reached);
    const files = modules.map((module) => factsOf(module, { reached, declared, replayed }));
    const counts = countsOf(files);
    const record = recordOf(vitest);
    const incidents = record.incidents?.() ?? [];
    const run: RunFacts = { files, ...record, incidents, ...this.ending(reason, counts.failed) };
    const judged = judge(run, Date.now());
    mark(vitest, judged);
    unmarkSkipped(vitest, files);
    const causes = causesOf(run, judged);
    const llm = (await record.llmLines?.()) ?? [];
    return { record, incidents, llm, files, counts, judged, causes, reason, unhandled: errors.length };
  }

  /**
   * For a failure of the infrastructure, before anything is torn down. Not for who has interrupted the run: they wait
   * for its end.
   *
   * @returns the line that says where it is
   */
  async gather({ causes, record }: Ended): Promise<string | undefined> {
    const cause = causes.find(isInfrastructure);
    if (cause === undefined || record.interruption !== undefined) return undefined;
    const { code, message } = cause;
    return record.gather?.({ code, message });
  }

  /** After other reporters have said what they have to say. @param gathered where what was gathered is */
  conclude(ended: Ended, gathered: string | undefined): void {
    const { vitest } = this;
    const exit = exitOf(vitest, ended, this.infraExitCode);
    if (exit.code !== 0) process.exitCode = exit.code;
    const times = ended.record.specsOver?.() ?? [];
    const lines = [
      ...summaryLines(ended, exit),
      ...times.map((line) => (line.startsWith(' ') ? line : `greenroom: ${line}`)),
      ...(gathered ? [gathered] : []),
    ];
    if (lines.length > 0) vitest.logger.error(lines.join('\n'));
    try {
      writeSummary(vitest, ended, exit.code);
    } catch (error) {
      vitest.logger.error(`greenroom: the summary of this run is not recorded: ${describeError(error)}`);
    }
  }

  private selected(): Promise<readonly TestSpecification[]> {
    const { vitest, specifications } = this;
    return specifications === undefined ? collected(vitest) : ofThisShard(vitest, specifications);
  }

  private ending(reason: TestRunEndReason, failed: number): Pick<RunFacts, 'ended'> {
    if (reason !== 'interrupted') return {};
    const { interruption } = recordOf(this.vitest);
    if (interruption !== undefined) return { ended: `it was interrupted by ${interruption}` };
    const { bail = 0 } = this.vitest.config;
    return { ended: bail > 0 && failed >= bail ? `bail after ${failed} failed` : 'it was cancelled' };
  }
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftOf, withContainers, type ByHand } from './containers.ts';
import { greenroom } from './greenroom.ts';
import { ended, start, until } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

interface How {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const NODE = ['node', '/server.mjs'];

/** Three first processes: each goes on after SIGTERM, and for another reason. */
const STUBBORN: readonly How[] = [
  { command: NODE, env: { ON_TERM: 'ignore' } },
  // Node's own handler raises the signal again, for which the first process has no default.
  { command: NODE, env: { ON_TERM: 'none' } },
  // A shell that passes nothing on.
  { command: ['sh', '-c', 'node /server.mjs & wait'], env: {} },
];
const OBEDIENT: readonly How[] = [1, 2, 3].map(() => ({ command: NODE, env: {} }));
/** Milliseconds for all of them together. One of them alone has ten seconds by default. */
const BUDGET = 8_000;

/** The first process of a container that ignores SIGTERM costs ten seconds, at the end of each run. */
export const R25: Story = {
  id: 'R25',
  title: 'slow stop: three containers whose first process does not end on SIGTERM',
  loss: 'containers not stopped within 8 s',
  runs: 3,
  plain: (fault) => withContainers('R25', (stage, byHand) => plain(stage, byHand, fault ? STUBBORN : OBEDIENT)),
  greenroom: (fault) => withContainers('R25', (stage) => shared(stage, fault ? STUBBORN : OBEDIENT)),
};

async function plain(stage: Stage, byHand: ByHand, all: readonly How[]): Promise<Outcome> {
  const names = await Promise.all(all.map((how, index) => byHand.start(`api${index + 1}`, how)));
  // One after the other, as a clean-up function does it.
  const stop = ['sh', '-c', 'for name; do podman stop "$name"; podman rm "$name"; done', 'stop', ...names] as const;
  const cleanUp = start(stage, 'clean-up', stop);
  const outcome = await left(all.length, () => byHand.left());
  cleanUp.process.kill('SIGKILL');
  await cleanUp.process;
  return outcome;
}

async function shared(stage: Stage, all: readonly How[]): Promise<Outcome> {
  writeFileSync(join(stage.dir, 'containers.json'), JSON.stringify(all));
  const { code, stderr } = await ended(greenroom(stage, 'run', ['run', '--', 'node', '--version']));
  if (code !== 0) throw new Error(`the run ended with ${code}\n${stderr}`);
  return left(all.length, () => leftOf(stage));
}

async function left(total: number, list: () => Promise<readonly string[]>): Promise<Outcome> {
  const began = performance.now();
  const none = async (): Promise<true | undefined> => ((await list()).length === 0 ? true : undefined);
  const gone = await until('the containers to stop', none, BUDGET).catch(() => false);
  const seconds = (performance.now() - began) / 1_000;
  return { total, lost: gone ? 0 : (await list()).length, measured: { seconds } };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { events, greenroom } from './greenroom.ts';
import { fill, podman, withImages } from './images.ts';
import { ended } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** An image is built under one name, and wanted under another one. */
export const R8b: Story = {
  id: 'R8b',
  title: 'name mismatch: a prefix too few asks the network, and no prefix at all runs whatever ends so',
  loss: 'slips that are not named',
  runs: 3,
  plain: (fault) => withImages('R8b', (stage, mark) => byHand(stage, mark, fault)),
  greenroom: (fault) => withImages('R8b', (stage, mark) => onGreenroom(stage, mark, fault)),
};

/** What the image is called, and what people write for it. */
const namesWith = (mark: string): { readonly right: string; readonly slips: readonly string[] } => ({
  right: `localhost/kubernaut/${mark}:1`,
  slips: [`localhost/${mark}:1`, `${mark}:1`],
});

async function built(stage: Stage, name: string): Promise<void> {
  fill(stage, ['app']);
  const { code, stderr } = await podman('build', '--pull=never', '--tag', name, join(stage.dir, 'app'));
  if (code !== 0) throw new Error(`podman could not build ${name}\n${stderr}`);
}

/** What came of one name. */
interface Answer {
  readonly lost: boolean;
  readonly seconds?: number;
  readonly note?: string;
}

/** Builds the image under its right name, and asks for it by each of those that are wanted. */
async function ofNames(
  stage: Stage,
  mark: string,
  fault: boolean,
  ask: (name: string, right: string) => Promise<Answer>,
): Promise<Outcome> {
  const { right, slips } = namesWith(mark);
  await built(stage, right);
  const answers: Answer[] = [];
  for (const name of fault ? slips : [right]) answers.push(await ask(name, right));
  return {
    total: answers.length,
    lost: answers.filter(({ lost }) => lost).length,
    measured: Object.fromEntries(
      answers.flatMap(({ seconds }, index) => (seconds === undefined ? [] : [[`answer ${index + 1}, s`, seconds]])),
    ),
    notes: answers.flatMap(({ note }) => (note === undefined ? [] : [note.replaceAll(mark, 'x')])),
  };
}

function byHand(stage: Stage, mark: string, fault: boolean): Promise<Outcome> {
  return ofNames(stage, mark, fault, async (name, right) => {
    const begun = Date.now();
    const { code, stderr } = await podman('run', '--rm', '--ulimit', 'host', name, '/bin/busybox', 'true');
    const seconds = (Date.now() - begun) / 1_000;
    if (!fault) return { lost: code !== 0, seconds };
    const last = stderr.trim().split('\n').at(-1) ?? '';
    // Named is a slip when the message has the name that was meant.
    return { lost: !stderr.includes(right), seconds, note: `${name}: ${code === 0 ? 'ran another image' : last}` };
  });
}

function onGreenroom(stage: Stage, mark: string, fault: boolean): Promise<Outcome> {
  return ofNames(stage, mark, fault, async (name, right) => {
    writeFileSync(join(stage.dir, 'api', 'Containerfile'), `FROM ${name}\nRUN ["/bin/busybox", "true"]\n`);
    const { code, stderr } = await ended(greenroom(stage, name, ['run', '--', 'true']));
    if (!fault) return { lost: code !== 0 };
    const all = events(stage).toSorted((a, b) => a.at - b.at);
    const failure = all.findLast((event) => event.kind === 'failed');
    const begun = all.findLast((event) => event.kind === 'waiting');
    const lost = !stderr.includes('INFRA_IMAGE_NAME') || !stderr.includes(right);
    if (failure === undefined || begun === undefined) return { lost };
    return { lost, seconds: (failure.at - begun.at) / 1_000, note: failure.failure.message };
  });
}

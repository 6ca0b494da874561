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

async function byHand(stage: Stage, mark: string, fault: boolean): Promise<Outcome> {
  const { right, slips } = namesWith(mark);
  await built(stage, right);
  const wanted = fault ? slips : [right];
  const measured: Record<string, number> = {};
  const notes: string[] = [];
  let lost = 0;
  for (const [index, name] of wanted.entries()) {
    const begun = Date.now();
    const { code, stderr } = await podman('run', '--rm', '--ulimit', 'host', name, '/bin/busybox', 'true');
    measured[`answer ${index + 1}, s`] = (Date.now() - begun) / 1_000;
    const last = stderr.trim().split('\n').at(-1) ?? '';
    if (fault)
      notes.push(`${name.replace(mark, 'x')}: ${code === 0 ? 'ran another image' : last.replaceAll(mark, 'x')}`);
    // Named is a slip when the message has the name that was meant.
    lost += Number(fault && !stderr.includes(right)) + Number(!fault && code !== 0);
  }
  return { total: wanted.length, lost, measured, notes };
}

async function onGreenroom(stage: Stage, mark: string, fault: boolean): Promise<Outcome> {
  const { right, slips } = namesWith(mark);
  await built(stage, right);
  const wanted = fault ? slips : [right];
  const measured: Record<string, number> = {};
  const notes: string[] = [];
  let lost = 0;
  for (const [index, name] of wanted.entries()) {
    writeFileSync(join(stage.dir, 'api', 'Containerfile'), `FROM ${name}\nRUN ["/bin/busybox", "true"]\n`);
    const { code, stderr } = await ended(greenroom(stage, name, ['run', '--', 'true']));
    const named = stderr.includes('INFRA_IMAGE_NAME') && stderr.includes(right);
    lost += Number(fault ? !named : code !== 0);
    const all = events(stage).toSorted((a, b) => a.at - b.at);
    const failure = all.findLast((event) => event.kind === 'failed');
    const begun = all.findLast((event) => event.kind === 'waiting');
    if (!fault || failure === undefined || begun === undefined) continue;
    measured[`answer ${index + 1}, s`] = (failure.at - begun.at) / 1_000;
    notes.push(failure.failure.message.replaceAll(mark, 'x'));
  }
  return { total: wanted.length, lost, measured, notes };
}

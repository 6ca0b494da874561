import { overlapOf, type Span } from '../../src/report/overlap.ts';
import { greenroom } from './greenroom.ts';
import { builds, fill, podman, withImages } from './images.ts';
import { ended } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Names of images are those of their contexts. */
const ALL = ['a', 'b', 'c'];
/** One alone has nothing to wait for. */
const ONE = ['a'];

/** Three images are built one after the other, although each of them waits most of the time. */
export const R6: Story = {
  id: 'R6',
  title: 'images: each build waits for the one before, and a cache is taken for speed',
  loss: 'builds that ran alone',
  runs: 3,
  expected: { cold: 3, 'unchanged after that': 3 },
  plain: (fault) => withImages('R6', (stage, mark) => inTurn(stage, mark, fault ? ALL : ONE)),
  greenroom: (fault) => withImages('R6', (stage) => atOnce(stage, fault ? ALL : ONE)),
};

type Spans = Readonly<Record<string, Span>>;

async function inTurn(stage: Stage, mark: string, images: readonly string[]): Promise<Outcome> {
  fill(stage, images);
  const cold = await buildEach(stage, mark, images);
  const warm = await buildEach(stage, mark, images);
  return { ...outcomeOf(cold), measured: { ...times(cold), 'warm, in turn, s': seconds(lengths(warm)) } };
}

async function buildEach(stage: Stage, mark: string, images: readonly string[]): Promise<Spans> {
  const spans: Record<string, Span> = {};
  for (const image of images) {
    const from = Date.now();
    const tag = `localhost/${mark}/${image}`;
    const { code, stderr } = await podman('build', '--pull=never', '--tag', tag, `${stage.dir}/${image}`);
    if (code !== 0) throw new Error(`podman could not build ${image}\n${stderr}`);
    spans[image] = { from, to: Date.now() };
  }
  return spans;
}

async function atOnce(stage: Stage, images: readonly string[]): Promise<Outcome> {
  fill(stage, images);
  for (const turn of ['first', 'second']) {
    const command = greenroom(stage, turn, ['run', '--needs', images.join(','), '--', 'true']);
    const { code, stderr } = await ended(command);
    if (code !== 0) throw new Error(`the ${turn} run ended with ${code}\n${stderr}`);
  }
  const all = builds(stage);
  const cold = Object.fromEntries(all.flatMap(({ resource, fact }) => (fact.how === 'cold' ? [[resource, fact]] : [])));
  const unchanged = all.filter(({ fact }) => fact.how === 'unchanged').length;
  const counts = { cold: Object.keys(cold).length, 'unchanged after that': unchanged };
  return { ...outcomeOf(cold), counts, measured: times(cold) };
}

function outcomeOf(spans: Spans): Outcome {
  const all = Object.values(spans);
  const alone = all.filter((one) => !all.some((other) => other !== one && other.from < one.to && one.from < other.to));
  return { total: all.length, lost: all.length === 1 ? 0 : alone.length };
}

function times(spans: Spans): Readonly<Record<string, number>> {
  const overlap = overlapOf({ resources: {} }, spans);
  if (overlap === undefined) return {};
  return {
    'cold, s': seconds([overlap.wall]),
    'longest, s': seconds([overlap.bound]),
    'of what could overlap, %': Math.round(100 * overlap.reached),
  };
}

const lengths = (spans: Spans): readonly number[] => Object.values(spans).map(({ from, to }) => to - from);
const seconds = (ms: readonly number[]): number => Number((ms.reduce((a, b) => a + b, 0) / 1_000).toFixed(1));

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withContainers, type ByHand } from './containers.ts';
import { greenroom } from './greenroom.ts';
import { ended, report, said, start } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Who asks whom by which address → what came of it. */
type Uses = Readonly<Record<string, string>>;

/** Which code says what is wrong with it, of those that cannot be right. */
const NAMES = {
  loopback: { use: 'an address of the host, written for a container', code: 'INFRA_ENDPOINT_SCOPE' },
  apart: { use: 'a container on another network', code: 'INFRA_NETWORK_SPLIT' },
  lost: { use: 'two containers on the network of podman', code: 'INFRA_NETWORK_SPLIT' },
} as const;

const NAMED = 'named by its code';

/** Where a server is depends on who asks, and on which network that is; nothing says so but a failed request. */
export const R5: Story = {
  id: 'R5',
  title: 'an address that is right elsewhere: hosts, containers and their networks',
  loss: 'uses that fail, unnamed',
  runs: 3,
  expected: { named: Object.keys(NAMES).length },
  plain: (fault) => withContainers('R5', (stage, byHand) => plain(stage, byHand, fault)),
  greenroom: (fault) => withContainers('R5', (stage, byHand) => shared(stage, byHand, fault)),
};

async function plain(stage: Stage, byHand: ByHand, fault: boolean): Promise<Outcome> {
  const network = await byHand.network('one');
  const api = await byHand.start('api', { network, published: true });
  const user = await byHand.start('user', { network });
  const url = await byHand.urlOf(api);
  const right = {
    'a container, on the host': await onHost(`${url}/health`),
    'a container, in a container': await byHand.ask(user, 'http://api:8080/health'),
  };
  return outcomeOf(fault ? await wrong(stage, byHand, user, url) : right);
}

/** The same addresses, each used by somebody for whom it is not right. */
async function wrong(stage: Stage, byHand: ByHand, user: string, url: string): Promise<Uses> {
  const PORT = String(await stage.port());
  const server = start(stage, 'server', ['node', '../shared/server.mjs'], { PORT });
  await said(server, 'listening');
  const other = await byHand.start('other', { network: await byHand.network('two') });
  const here = await byHand.start('here');
  const there = await byHand.start('there');
  const uses = {
    'a container, on the host, by its name': await onHost('http://api:8080/health'),
    'a server of the host, in a container': await byHand.ask(user, `http://127.0.0.1:${PORT}/health`),
    [NAMES.loopback.use]: await byHand.ask(user, `${url}/health`),
    [NAMES.apart.use]: await byHand.ask(other, 'http://api:8080/health'),
    [NAMES.lost.use]: await byHand.ask(here, `http://${there}:8080/health`),
  };
  server.process.kill();
  await ended(server);
  return uses;
}

async function onHost(url: string): Promise<string> {
  return fetch(url).then(
    ({ status }) => String(status),
    ({ cause }: { cause?: { code?: string } }) => cause?.code ?? 'failed',
  );
}

async function shared(stage: Stage, byHand: ByHand, fault: boolean): Promise<Outcome> {
  const stageOf = { PORT: await stage.port(), NETWORK: await byHand.network('two') };
  writeFileSync(join(stage.dir, 'stage.json'), JSON.stringify(stageOf));
  const suite = ['run', '--needs', 'api,user', '--', 'node', 'suite.mjs'];
  const { addresses, ...right } = await report<Record<string, string>>(greenroom(stage, 'suite', suite));
  return outcomeOf(fault ? { ...right, ...(await named(stage)) } : right, [`addresses: ${String(addresses)}`]);
}

async function named(stage: Stage): Promise<Uses> {
  const uses: Record<string, string> = {};
  for (const [name, { use, code }] of Object.entries(NAMES)) {
    const run = greenroom(stage, name, ['run', '--needs', name, '--', 'node', '--version']);
    const { stdout, stderr } = await ended(run);
    uses[use] = stderr.includes(`[${code}]`) && stdout === '' ? NAMED : `not named\n${stdout}\n${stderr}`;
  }
  return uses;
}

function outcomeOf(uses: Uses, notes: readonly string[] = []): Outcome {
  const answers = Object.entries(uses);
  return {
    total: answers.length,
    lost: answers.filter(([, answer]) => answer !== '200' && answer !== NAMED).length,
    counts: { named: answers.filter(([, answer]) => answer === NAMED).length },
    notes: [...answers.map(([use, answer]) => `${use}: ${answer}`), ...notes],
  };
}

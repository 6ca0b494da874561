import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ended, report, said, start, type Actor } from './processes.ts';
import { greenroomCommand } from './greenroom.ts';
import { onStage, quietPort, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** What `localhost` means, as /etc/hosts files say it. */
const HOSTS = {
  'localhost is ::1, then 127.0.0.1': '::1 localhost\n127.0.0.1 localhost\n',
  'localhost is ::1 alone': '::1 localhost\n',
  'localhost is 127.0.0.1 alone': '127.0.0.1 localhost\n',
} as const;

type Hosts = keyof typeof HOSTS;
const faulty: readonly Hosts[] = ['localhost is ::1, then 127.0.0.1', 'localhost is ::1 alone'];
const harmless: readonly Hosts[] = ['localhost is 127.0.0.1 alone'];

/** What came of one thing a suite does with an address. */
type Cells = Readonly<Record<string, { readonly ok: boolean; readonly text: string }>>;

/** A name has two addresses, a server listens on one, a client takes the other, and the error shows neither. */
export const R3: Story = {
  id: 'R3',
  title: '`localhost` and ::1: what answers depends on /etc/hosts, and the error text hides it',
  loss: 'failures',
  runs: 1,
  plain: (fault) => inEach(fault ? faulty : harmless, plain),
  greenroom: (fault) => inEach(fault ? faulty : harmless, shared),
};

async function inEach(all: readonly Hosts[], look: (stage: Stage, hosts: Hosts) => Promise<Cells>): Promise<Outcome> {
  const notes: string[] = [];
  let total = 0;
  let lost = 0;
  for (const hosts of all) {
    const cells = await onStage('R3', (stage) => look(stage, hosts));
    for (const [use, { ok, text }] of Object.entries(cells)) {
      total += 1;
      if (!ok) lost += 1;
      notes.push(`${hosts}: ${use}: ${ok ? 'ok' : 'LOST'} (${text})`);
    }
  }
  return { total, lost, notes };
}

async function plain(stage: Stage, hosts: Hosts): Promise<Cells> {
  const server = (host: string): Promise<Actor> =>
    inHosts(stage, hosts, ['node', '../shared/server.mjs'], { HOST: host });
  const servers = [await server('127.0.0.1'), await server('localhost')];
  const [literal, named] = await Promise.all(
    servers.map(async (actor) => (await said(actor, 'listening')).split(' ')[1]),
  );
  const clients = await inHosts(stage, hosts, ['node', 'clients.mjs'], {
    LITERAL_URL: `http://localhost:${literal}`,
    NAMED_URL: `http://127.0.0.1:${named}`,
    NOBODY_URL: `http://localhost:${await quietPort()}`,
  });
  const cells = await report<Cells>(clients);
  for (const actor of servers) {
    actor.process.kill();
    await ended(actor);
  }
  return cells;
}

async function shared(stage: Stage, hosts: Hosts): Promise<Cells> {
  const up = ['run', '--needs', 'literal,named', '--', 'node', 'clients.mjs'];
  const cells = await report<Cells>(await inHosts(stage, hosts, greenroomCommand(up)));
  const down = await inHosts(stage, hosts, greenroomCommand(['run', '--needs', 'silent', '--', 'node', '--version']));
  const { stderr } = await ended(down);
  const both = stderr.includes('127.0.0.1') && stderr.includes('::1');
  const line = stderr.split('\n').find((text) => text.includes('::1')) ?? stderr;
  return { ...cells, 'error where nobody listens': { ok: both, text: line.trim() } };
}

/** Runs a program in a mount namespace of its own, where /etc/hosts says what the story wants. */
async function inHosts(
  stage: Stage,
  hosts: Hosts,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Actor> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('R3 needs Linux and root: it gives a mount namespace an /etc/hosts of its own');
  }
  const file = join(stage.dir, 'hosts');
  await writeFile(file, HOSTS[hosts]);
  const script = 'mount --bind "$0" /etc/hosts && exec "$@"';
  return start(stage, command.join(' '), ['unshare', '--mount', 'sh', '-c', script, file, ...command], env);
}

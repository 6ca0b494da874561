import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { greenroom } from './greenroom.ts';
import { fill, podman, withImages } from './images.ts';
import { ended, report, start, until } from './processes.ts';
import { withSite, type Site } from './site.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** What of the project's config a suite is given, and what that is the case of. */
const CASES = {
  fetched: 'a step fetched it',
  server: 'the old container holds name and port',
  source: 'nobody built it anew',
};
type Case = keyof typeof CASES;

/** The code is at v2, and the suite runs on v1. */
export const R7: Story = {
  id: 'R7',
  title: 'stale image: the suite runs on old code, and nothing says so',
  loss: 'suites on old code',
  runs: 3,
  plain: (fault) =>
    each((name) => withImages('R7', (stage, mark) => withSite((site) => byHand(stage, site, name, fault, mark)))),
  greenroom: (fault) =>
    each((name) => withImages('R7', (stage) => withSite((site) => onGreenroom(stage, site, name, fault)))),
};

/** @param run a suite after which the version that it ran on is known */
async function each(run: (name: Case) => Promise<Versions>): Promise<Outcome> {
  const counts: Record<string, number> = {};
  for (const [name, what] of Object.entries(CASES)) {
    const { is, ran } = await run(name as Case);
    counts[what] = Number(is !== ran);
  }
  const lost = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { total: Object.keys(CASES).length, lost, counts };
}

interface Versions {
  /** Of the code. */
  readonly is: string;
  /** That the suite ran on. */
  readonly ran: string;
}

async function byHand(stage: Stage, site: Site, name: Case, fault: boolean, mark: string): Promise<Versions> {
  const context = name === 'fetched' ? 'fetched' : 'source';
  const tag = `localhost/${mark}/${context}`;
  const build = async (): Promise<void> => {
    const args = ['--build-arg', `GATEWAY=${site.gateway}`, '--build-arg', `PORT=${site.port}`];
    const { code, stderr } = await podman('build', '--pull=never', ...args, '--tag', tag, join(stage.dir, context));
    if (code !== 0) throw new Error(`podman could not build ${name}\n${stderr}`);
  };
  layOut(stage, site);
  await build();
  const server = name === 'server' ? await oldServer(stage, mark, tag) : undefined;
  if (fault) publish(stage, site, 'v2');
  // Who thinks of it builds, and is given the step's layer of before, or a server that cannot start.
  if (name !== 'source') await build();
  if (!fault) await podman('rm', '--force', '--time', '0', mark);
  await server?.start();
  const given = server?.url ?? tag;
  const { version } = await report<{ version: string }>(
    start(stage, 'suite', ['node', 'suite.mjs', 'GIVEN'], { GIVEN: given }),
  );
  return { is: fault ? 'v2' : 'v1', ran: version };
}

/** Starts a server in a container, as suites do by hand: that one is there already is no reason to stop. */
async function oldServer(
  stage: Stage,
  mark: string,
  tag: string,
): Promise<{ readonly url: string; start(): Promise<void> }> {
  const port = await stage.port();
  const url = `http://127.0.0.1:${port}`;
  const run = [
    'run',
    '--detach',
    '--ulimit',
    'host',
    '--pull=never',
    '--name',
    mark,
    '--publish',
    `127.0.0.1:${port}:8080`,
  ];
  const again = async (): Promise<void> => {
    await podman(...run, tag, '/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/');
    await until('the server to answer', () =>
      fetch(url).then(
        () => true,
        () => undefined,
      ),
    );
  };
  await again();
  return { url, start: again };
}

async function onGreenroom(stage: Stage, site: Site, name: Case, fault: boolean): Promise<Versions> {
  layOut(stage, site);
  // What stays up is the trap: a source that was changed must not be served by it.
  const held = name !== 'fetched';
  const up = held ? ['up', '--needs', name] : ['run', '--needs', name, '--', 'true'];
  const { code, stderr } = await ended(greenroom(stage, 'first', up));
  if (code !== 0) throw new Error(`the first start ended with ${code}\n${stderr}`);
  if (fault) publish(stage, site, 'v2');
  const suite = ['run', '--needs', name, '--', 'node', 'suite.mjs', name.toUpperCase()];
  const { version } = await report<{ version: string }>(greenroom(stage, 'suite', suite));
  if (held) await ended(greenroom(stage, 'down', ['down']));
  return { is: fault ? 'v2' : 'v1', ran: version };
}

function layOut(stage: Stage, site: Site): void {
  fill(stage, ['fetched', 'source']);
  writeFileSync(join(stage.dir, 'site.json'), JSON.stringify({ GATEWAY: site.gateway, PORT: String(site.port) }));
  publish(stage, site, 'v1');
}

function publish(stage: Stage, site: Site, version: string): void {
  site.publish(version);
  writeFileSync(join(stage.dir, 'source', 'version'), version);
}

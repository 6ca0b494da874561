/** What stories about containers have in common: images that are there, podman by hand, and a podman left as it was. */
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPodman, leftInPodman, linesOf, podman, tryPodman } from '../../test/support/engine.ts';
import { baseImage, serviceImage } from '../../test/support/images.ts';
import { until } from './processes.ts';
import { onStage, type Stage } from './stage.ts';

/** How a container is started by hand. */
export interface Start {
  /** Default: the image's own. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: podman's own, `podman`. */
  readonly network?: string;
  /** Whether its port 8080 is published, on a port of 127.0.0.1 that podman chooses. */
  readonly published?: boolean;
}

/** podman as people use it without Greenroom. All that is made here is removed with the stage. */
export interface ByHand {
  /** What everything made by hand is labelled with, and what its names begin with. */
  readonly mark: string;
  /** The service of `fixtures/containers`. */
  readonly image: string;
  /** Starts the service, waits until it is well for itself, and returns what the container is called, on a network of ours as `name`, too. */
  start(name: string, how?: Start): Promise<string>;
  /** Makes a network and returns its name. */
  network(name: string): Promise<string>;
  /** The url of a published container, for the host. */
  urlOf(container: string): Promise<string>;
  /** Asks a url from inside a container, as a program there would: the status, or how it failed. */
  ask(container: string, url: string): Promise<string>;
  /** What there is with the mark: containers in any state, and networks. */
  left(): Promise<readonly string[]>;
}

/**
 * Runs one variant on a stage whose configs find the images of tests in `shared/images.mjs`. At the end what was made by
 * hand is removed; what Greenroom made must be gone by itself.
 */
export async function withContainers<T>(
  fixture: string,
  act: (stage: Stage, byHand: ByHand) => Promise<T>,
): Promise<T> {
  if (!hasPodman()) throw new Error(`${fixture} needs podman`);
  const images = { base: await baseImage(), service: await serviceImage() };
  const mark = `gr-story-${randomBytes(4).toString('hex')}`;
  const onThis = async (stage: Stage): Promise<T> => {
    writeFileSync(join(stage.dir, '../shared/images.json'), JSON.stringify(images));
    try {
      return await act(stage, byHandWith(mark, images.service));
    } finally {
      await removeMarked(mark);
    }
  };
  return onStage(fixture, onThis, { containers: true });
}

/** What Greenroom has in podman for the stage: containers in any state, and networks. */
export function leftOf(stage: Stage): Promise<readonly string[]> {
  return leftInPodman(readdirSync(stage.runtimeDir));
}

const labelOf = (mark: string): string => `greenroom-story=${mark}`;

/** What is made by hand, in the order in which it can be removed. */
const MARKED = [
  { list: ['ps', '--all', '--quiet'], remove: ['rm', '--force', '--time', '0'] },
  { list: ['network', 'ls', '--quiet'], remove: ['network', 'rm', '--force'] },
] as const;

async function marked(mark: string, list: readonly string[]): Promise<readonly string[]> {
  return linesOf(await podman(...list, '--filter', `label=${labelOf(mark)}`));
}

function byHandWith(mark: string, image: string): ByHand {
  const label = ['--label', labelOf(mark)];
  const ask = async (container: string, url: string): Promise<string> =>
    (await podman('exec', container, 'node', '/ask.mjs', url)).trim();
  return {
    mark,
    image,
    async start(name, { command = [], env = {}, network, published = false } = {}) {
      const container = `${mark}-${name}`;
      await podman(
        'run',
        '--detach',
        '--pull=never',
        '--name',
        container,
        ...label,
        ...(network === undefined ? [] : ['--network', network, '--network-alias', name]),
        ...(published ? ['--publish', '127.0.0.1::8080'] : []),
        ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
        image,
        ...command,
      );
      await until(`${name} to be healthy`, async () =>
        (await ask(container, 'http://127.0.0.1:8080/health')) === '200' ? true : undefined,
      );
      return container;
    },
    async network(name) {
      await podman('network', 'create', ...label, `${mark}-${name}`);
      return `${mark}-${name}`;
    },
    urlOf: async (container) => `http://${(await podman('port', container, '8080/tcp')).trim()}`,
    ask,
    left: async () => (await Promise.all(MARKED.map(({ list }) => marked(mark, list)))).flat(),
  };
}

async function removeMarked(mark: string): Promise<void> {
  for (const { list, remove } of MARKED) {
    for (const id of await marked(mark, list)) await tryPodman(...remove, id);
    const left = await marked(mark, list);
    if (left.length > 0) throw new Error(`could not be removed from podman: ${left.join(', ')}`);
  }
}

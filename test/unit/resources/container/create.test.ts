import { expect, test } from 'vitest';
import { cacheVolume, clientEnv, createWords, type Creation } from '../../../../src/resources/container/create.ts';

const PLAIN: Creation = {
  options: { image: 'x' },
  ports: [8080],
  owner: { key: 'k', generation: 3, nonce: 'n' },
  name: 'mockLlm',
  root: '/project',
  image: 'sha256:1',
  network: 'net',
  before: new Map(),
  env: {},
  hosts: {},
  files: undefined,
};
const words = (more: Partial<Creation>): string => createWords({ ...PLAIN, ...more }).join(' ');

test('it is never pulled, bears whose it is, and is published on the loopback of the host alone', () => {
  expect(words({})).toMatch(
    /^--pull=never --label greenroom\.key=k --label greenroom\.generation=3 --label greenroom\.nonce=n /,
  );
  expect(words({})).toMatch(
    / --label greenroom\.resource=mockLlm --network net --network-alias mock-llm --publish 127\.0\.0\.1::8080 sha256:1$/,
  );
});

test('after a restart it has the ports that it had', () => {
  expect(
    words({
      ports: [8080, 9],
      before: new Map([
        [8080, 41],
        [9, 42],
      ]),
    }),
  ).toContain('--publish 127.0.0.1:41:8080 --publish 127.0.0.1:42:9 ');
});

test('values of variables stand in no list of processes, but for those that the client itself would read', () => {
  const env = { TOKEN: 's3cret', PATH: '/bin', DOCKER_HOST: 'x' };
  expect(words({ env })).toContain(' --env TOKEN --env PATH=/bin --env DOCKER_HOST=x ');
  expect(clientEnv(env)).toEqual({ TOKEN: 's3cret' });
});

test('volumes', () => {
  const volumes = {
    '/cache': { cache: 'pip' },
    '/data': { bind: 'fixtures/data', readOnly: true },
    '/shared': { bind: '/srv', relabel: true },
    '/tmp': { tmpfs: '64m' },
  };
  expect(words({ options: { image: 'x', volumes } })).toContain(
    `--volume ${cacheVolume('/project', 'pip')}:/cache:z --volume /project/fixtures/data:/data:ro ` +
      '--volume /srv:/shared:rw,z --tmpfs /tmp:size=64m,mode=1777 sha256:1',
  );
  expect(cacheVolume('/project', 'pip')).not.toBe(cacheVolume('/other', 'pip'));
});

test('an entrypoint of several words, and a command', () => {
  expect(words({ options: { image: 'x', entrypoint: ['/bin/sh', '-c'], command: ['echo $X'] } })).toMatch(
    /--entrypoint \/bin\/sh sha256:1 -c echo \$X$/,
  );
});

test('limits, user and names of servers of the host', () => {
  const options = { image: 'x', user: '1000:1000', memory: '512m', cpus: 1.5 };
  expect(words({ options, hosts: { db: '10.0.0.1' } })).toContain(
    '--add-host db:10.0.0.1 --user 1000:1000 --memory 512m --cpus 1.5 sha256:1',
  );
});

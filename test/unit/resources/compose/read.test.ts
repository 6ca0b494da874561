import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compose } from '../../../../src/resources/compose/index.ts';

function file(text: string, more: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'gr-compose-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, content] of Object.entries({ 'compose.yaml': text, ...more })) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return join(directory, 'compose.yaml');
}

const optionsOf = (path: string, name: string, ports?: Readonly<Record<string, number>>): unknown =>
  compose(path, { services: [name], ...(ports === undefined ? {} : { ports }) })[name]?.options;

test('a service is read with variables, what it depends on, and what is common to several', () => {
  const path = file(
    `
x-common: &common { user: 1000, stop_grace_period: 1m30s }
services:
  db:
    <<: *common
    image: postgres:\${PG:-18}
    environment: [POSTGRES_PASSWORD=$$ecret, FROM_FILE]
    env_file: db.env
    volumes: [data:/var/lib/postgresql/data, type=none]
    tmpfs: /tmp
    healthcheck: { test: pg_isready -q, interval: 1s }
  api:
    build: { context: ., dockerfile: Dockerfile.api, args: { MODE: test } }
    command: node "api server.js" --db 'a b'
    ports: ['80:8080', '9090:9090/tcp']
    depends_on: { db: { condition: service_healthy } }
    deploy: { resources: { limits: { memory: 512M, cpus: '0.5' } } }
  unused: { privileged: true }
`.replace(', type=none', ''),
    { '.env': 'FROM_FILE=yes\n', 'db.env': 'OTHER=1\n' },
  );
  const stack = compose(path, { services: ['api'], ports: { db: 5432 } });
  expect(Object.keys(stack)).toEqual(['db', 'api-image', 'api']);
  expect(stack.api).toMatchObject({ kind: 'container', options: { port: 8080, ports: { 9090: 9090 }, cpus: 0.5 } });
  expect(stack.api.options).toMatchObject({ command: ['node', 'api server.js', '--db', 'a b'], memory: '512M' });
  const { db } = stack.api.needs;
  expect(db).toMatchObject({ stopTimeout: 90_000 });
  expect(db?.options).toEqual({
    image: 'postgres:18',
    port: 5432,
    user: '1000',
    env: { OTHER: '1', POSTGRES_PASSWORD: '$ecret', FROM_FILE: 'yes' },
    volumes: { '/tmp': { tmpfs: '1g' } },
    healthCheck: ['/bin/sh', '-c', 'pg_isready -q'],
  });
});

test.each([
  ['image: a\n    ports: [80]\n    privileged: true', 'service web: ✖ Unrecognized key: "privileged"'],
  ['image: a', 'service web: has neither `ports` nor `expose`'],
  ['ports: [80]', 'service web: has neither `image` nor `build`'],
  ['image: a\n    ports: [8000-8010]', 'has the port 8000-8010'],
  ['image: ${SURELY_NOT_SET:?give it}\n    ports: [80]', 'service web: SURELY_NOT_SET is not set: give it'],
  ['image: a\n    ports: [80]\n    depends_on: [web]', 'service web: depends on itself'],
  ['image: a\n    ports: [80]\n    depends_on: [db]', 'service db: is not there; there are web'],
  ['image: a\n    ports: [80]\n    command: say "no', 'a quote is not closed'],
  ['image: a\n    ports: [80]\n    env_file: none.env', 'no such file'],
  [
    'image: a\n    ports: [80]\n    secrets: [token]\nsecrets: { token: { file: none.txt } }\n',
    'none.txt among its secrets and configs, which is no file',
  ],
  [
    'image: a\n    ports: [80]\n    secrets: [token]\nsecrets: { token: { file: $SURELY_NOT_SET } }\n',
    'whose `file` is empty: $SURELY_NOT_SET',
  ],
  ['image: a\n    extends: web', 'service web: extends itself'],
  ['image: a\n    extends: { service: web, file: none.yaml }', 'none.yaml: ENOENT'],
  ['image: a\n    ports: [80]\n    secrets: [token]', 'service web: has token among its `secrets`, which is not there'],
  [
    'image: a\n    ports: [80]\n    configs: [site]\nconfigs: { site: { content: x } }\n',
    'service web: has site among its `configs`, which has no `file`, and nothing else is understood',
  ],
])('%j is refused by name', (service, message) => {
  expect(() => optionsOf(file(`services:\n  web:\n    ${service}\n`), 'web')).toThrow(message);
});

test('names that no host can have, files that are none and paths that lead from nowhere are refused', () => {
  expect(() => optionsOf(file('services: { my.db: { image: a } }'), 'my.db')).toThrow(
    'has a name that is none of a host',
  );
  expect(() => optionsOf(file('services: ['), 'web')).toThrow('compose.yaml:');
  expect(() => compose('compose.yaml')).toThrow('is relative to what?');
});

test('secrets and configs are files of the host, where the service finds them', () => {
  const path = file(
    `
services:
  api:
    image: a
    ports: [80]
    secrets: [token, { source: key, target: tls/key.pem, mode: 0o400 }]
    configs: [{ source: site, target: /etc/site.conf }, plain]
    volumes: ['./own:/plain']
secrets: { token: { file: ./token.txt }, key: { file: '$DIR/key.pem' }, other: { environment: OTHER } }
configs: { site: { file: site.conf }, plain: { file: plain.txt } }
`,
    { '.env': 'DIR=keys\n', 'token.txt': '', 'site.conf': '', 'plain.txt': '', 'keys/key.pem': '' },
  );
  const at = (name: string): string => join(path, '..', name);
  expect(optionsOf(path, 'api')).toMatchObject({
    volumes: {
      '/run/secrets/token': { bind: at('token.txt'), readOnly: true },
      '/run/secrets/tls/key.pem': { bind: at('keys/key.pem'), readOnly: true },
      '/etc/site.conf': { bind: at('site.conf'), readOnly: true },
      '/plain': { bind: at('own') },
    },
  });
});

test('a service that extends others has what they have, with paths from where they are written', () => {
  const path = file(
    `
services:
  api:
    extends: { file: common.yaml, service: web }
    ports: [81]
    command: own
    environment: [B=own, C=3]
    volumes: ['./own:/own']
    depends_on: { cache: { condition: service_started } }
  cache: { extends: small, image: c, expose: [6379] }
  small: { image: none, mem_limit: 64m }
  seed: { image: s }
`,
    {
      'common.yaml': `
services:
  web:
    extends: base
    image: w
    ports: ['80:80']
    command: [theirs]
    environment: { A: 1, B: 2 }
    volumes: ['./theirs:/theirs:ro', '/abs:/abs']
    depends_on: { seed: { condition: service_completed_successfully } }
  base: { user: 1000, tmpfs: /tmp, healthcheck: { test: [CMD, up] } }
`,
    },
  );
  const { api, cache, seed } = compose<'api' | 'cache' | 'seed'>(path, { services: ['api'] });
  const at = (name: string): string => join(path, '..', name);
  expect(api.options).toEqual({
    image: 'w',
    port: 80,
    ports: { 81: 81 },
    command: ['own'],
    user: '1000',
    healthCheck: ['up'],
    env: { A: '1', B: 'own', C: '3' },
    volumes: {
      '/theirs': { bind: at('theirs'), readOnly: true },
      '/abs': { bind: '/abs' },
      '/own': { bind: at('own') },
      '/tmp': { tmpfs: '1g' },
    },
  });
  expect(api.needs).toEqual({ seed, cache });
  expect(seed).toMatchObject({ kind: 'containerJob' });
  expect(cache.options).toMatchObject({ image: 'c', memory: '64m' });
});

test('files whose services extend each other crosswise are read once each, with the variables of the first', () => {
  const path = file(
    `
services:
  a: { extends: { file: b.yaml, service: b }, ports: [80] }
  c: { image: 'c:$TAG', extends: { file: compose.yaml, service: d } }
  d: { ports: [81] }
secrets:
`,
    { 'b.yaml': `services: { b: { extends: { file: compose.yaml, service: c } } }`, '.env': 'TAG=1' },
  );
  expect(optionsOf(path, 'a')).toEqual({ image: 'c:1', port: 81, ports: { 80: 80 }, env: {} });
});

test('services that would have one name on the network are refused', () => {
  const path = file('services: { a-b: { image: a, ports: [80] }, a_b: { image: a, ports: [80] } }');
  expect(() => compose(path)).toThrow('service a_b: would be found under the same name as a-b: a-b');
});

test('what others wait for to end is a job, and what has a profile is wanted by name only', () => {
  const path = file(`
services:
  api: { image: a, ports: [80], depends_on: { seed: { condition: service_completed_successfully } } }
  seed: { image: s, command: seed --all, environment: { LEVEL: 1 } }
  debug: { image: d, ports: [81], profiles: [debug] }
`);
  const { seed, ...others } = compose<'api' | 'seed'>(path);
  expect(Object.keys(others)).toEqual(['api']);
  expect(seed).toMatchObject({ kind: 'containerJob', type: 'job' });
  expect(seed.options).toEqual({ image: 's', command: ['seed', '--all'], env: { LEVEL: '1' } });
  expect(others.api.needs['seed']).toBe(seed);
  expect(Object.keys(compose(path, { services: ['debug'] }))).toEqual(['debug']);
});

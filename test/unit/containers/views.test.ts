import { expect, test } from 'vitest';
import { hostPorts, loopbackPorts, viewFromInside, type Inside } from '../../../src/containers/views.ts';

const at = (port: number): Inside | undefined =>
  ({ 41001: { host: 'db', port: 5432 }, 41002: { host: 'db', port: 9 } })[port];

test.each<[string, readonly number[]]>([
  ['http://127.0.0.1:80/x', [80]],
  ['postgres://u:p@localhost:5432/db?host=[::1]:6', [5432, 6]],
  ['127.0.0.1:1,127.5.0.1:2', [1, 2]],
  ['http://10.0.0.1:80 http://db:5432 1127.0.0.1:3 my.localhost:4 127.0.0.1', []],
  ['127.0.0.1:654321', []],
  ['host=127.0.0.1 port=5432 dbname=x', [5432]],
  ['host=localhost user=u port=7', [7]],
  ['host=db port=5432', []],
])('ports of the loopback in %s', (text, ports) => {
  expect(loopbackPorts(text)).toEqual(ports);
});

test('an endpoint leads to the port that it has and to those in its texts', () => {
  expect(hostPorts({ host: '127.0.0.1', port: 1, url: 'http://127.0.0.1:1', nested: ['http://[::1]:2'] })).toEqual([
    1, 2,
  ]);
  expect(hostPorts({ host: '10.0.0.1', port: 1 })).toEqual([]);
  expect(hostPorts({ path: '/tmp/x' })).toEqual([]);
});

test('a container sees host and port of the server itself, everywhere in the endpoint', () => {
  const endpoint = {
    host: '127.0.0.1',
    port: 41001,
    url: 'postgres://app:s3cret@127.0.0.1:41001/shop',
    replicas: [{ url: 'postgres://localhost:41002/shop' }],
    dsn: 'host=127.0.0.1 user=u port=41001 dbname=shop',
    epoch: 2,
  };
  expect(viewFromInside(endpoint, at)).toEqual({
    host: 'db',
    port: 5432,
    url: 'postgres://app:s3cret@db:5432/shop',
    replicas: [{ url: 'postgres://db:9/shop' }],
    dsn: 'host=db user=u port=5432 dbname=shop',
    epoch: 2,
  });
});

test('what is not on this machine stays as it is', () => {
  const endpoint = {
    host: 'db.example.com',
    port: 5432,
    url: 'postgres://db.example.com:5432',
    other: 'http://127.0.0.1:7',
  };
  expect(viewFromInside(endpoint, at)).toEqual(endpoint);
});

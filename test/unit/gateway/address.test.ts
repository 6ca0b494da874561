import { expect, test } from 'vitest';
import { addressOf, readdressed } from '../../../src/resources/gateway/address.ts';

const to = { host: '127.0.0.1', port: 9 };

test('every field with the address of the server gets the address of the gateway', () => {
  const endpoint = {
    host: '::1',
    port: 80,
    url: 'http://[::1]:80',
    baseUrl: 'http://localhost:80/v1?a=1',
    elsewhere: 'http://127.0.0.1:81',
    name: 'api:80',
    database: 0,
  };
  expect(readdressed(endpoint, { host: '::1', port: 80 }, to)).toEqual({
    ...to,
    url: 'http://127.0.0.1:9',
    baseUrl: 'http://127.0.0.1:9/v1?a=1',
    elsewhere: 'http://127.0.0.1:81',
    name: 'api:80',
    database: 0,
  });
});

test('a database behind a url with user and password', () => {
  const url = 'postgres://me:hush@db.example/app?sslmode=disable';
  expect(addressOf({ url })).toEqual({ host: 'db.example', port: 5432 });
  expect(readdressed({ url }, { host: 'db.example', port: 5432 }, to)).toEqual({
    url: 'postgres://me:hush@127.0.0.1:9/app?sslmode=disable',
  });
  expect(addressOf({ url: 'https://example.org' })).toBeUndefined();
  expect(addressOf({ path: '/tmp' })).toBeUndefined();
});

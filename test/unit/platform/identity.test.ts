import { afterEach, expect, test, vi } from 'vitest';
import { fromPs, groupMembers, processInfo } from '../../../src/platform/identity.ts';

afterEach(() => vi.unstubAllEnvs());

test('what ps says is the same in every time zone and locale', () => {
  const [here] = fromPs([process.pid]);
  expect(here).toMatchObject({ pid: process.pid, ppid: process.ppid });
  expect(here?.start).toMatch(/^\w+ \w+ \d+ [\d:]+ \d+$/);
  vi.stubEnv('TZ', 'Asia/Tokyo');
  vi.stubEnv('LC_ALL', 'C.UTF-8');
  expect(fromPs([process.pid])[0]?.start).toBe(here?.start);
});

test('ps and the kernel agree about the members of a group', () => {
  const pgrp = processInfo(process.pid)?.pgrp ?? 0;
  const byPs = fromPs().filter((info) => info.pgrp === pgrp && info.state !== 'Z');
  expect(byPs.map(({ pid }) => pid)).toContain(process.pid);
  expect(groupMembers(pgrp).map(({ pid }) => pid)).toContain(process.pid);
  expect(fromPs([2 ** 22 + 1])).toEqual([]);
});

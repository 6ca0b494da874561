import { expect, test } from 'vitest';
import { buildCommand, refusal } from '../../../../src/containers/build/command.ts';

const request = {
  context: '/p/api',
  file: '/p/api/Containerfile',
  ignoreFile: '/p/api/.dockerignore',
  args: { A: 'x y' },
  target: 'run',
  bases: { ground: 'localhost/greenroom/ground:1' },
  noCache: true,
  digest: 'ff',
  name: 'localhost/greenroom/api:1',
};

test('podman pulls nothing, and reads the ignore file that the digest was made with', () => {
  expect(buildCommand('podman', request).join(' ')).toBe(
    'podman build --file /p/api/Containerfile --tag localhost/greenroom/api:1 --label dev.greenroom.digest=ff ' +
      '--pull=never --ignorefile /p/api/.dockerignore --target run --no-cache --build-arg A=x y ' +
      '--build-context ground=container-image://localhost/greenroom/ground:1 /p/api',
  );
});

test('docker prints its steps', () => {
  expect(buildCommand('buildkit', { ...request, noCache: false }).join(' ')).toBe(
    'docker build --file /p/api/Containerfile --tag localhost/greenroom/api:1 --label dev.greenroom.digest=ff ' +
      '--progress=plain --target run --build-arg A=x y ' +
      '--build-context ground=docker-image://localhost/greenroom/ground:1 /p/api',
  );
});

test('docker without BuildKit has no such flag, and takes no other image and no ignore file of another name', () => {
  const plain = { ...request, bases: {}, noCache: false };
  expect(buildCommand('legacy', plain).join(' ')).toBe(
    'docker build --file /p/api/Containerfile --tag localhost/greenroom/api:1 --label dev.greenroom.digest=ff ' +
      '--force-rm --target run --build-arg A=x y /p/api',
  );
  expect(refusal('legacy', plain)).toBeUndefined();
  expect(refusal('legacy', request)).toMatch(/BuildKit/);
  expect(refusal('buildkit', request)).toBeUndefined();
  const named = { ...plain, ignoreFile: '/p/api/Containerfile.dockerignore' };
  expect(refusal('buildkit', named)).toBeUndefined();
  expect(refusal('legacy', named)).toMatch(/Containerfile\.dockerignore/);
  const other = { ...plain, ignoreFile: '/p/api/.containerignore' };
  expect(['podman', 'buildkit', 'legacy'].map((one) => refusal(one as 'podman', other) === undefined)).toEqual([
    true,
    false,
    false,
  ]);
});

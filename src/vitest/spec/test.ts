import type { TestAPI } from 'vitest';
import type { RegisteredEndpoints, ResourceName } from '../../config/register.ts';
import { current } from '../worker/current.ts';
import { mistaken } from '../worker/say.ts';
import { endpointOf, NOT_JOINED } from './endpoint.ts';

/** Vitest's `test`, with a fixture for each resource of the registered config. */
export type GreenroomTest = TestAPI<{ readonly [N in ResourceName]: RegisteredEndpoints[N] }>;

/**
 * Built from the `test` that our setup file has left, not from an import of our own: the main process loads this
 * module too, and must not load what belongs to workers.
 */
export function testWithEndpoints(): GreenroomTest {
  const { membership, test } = current;
  if (membership === undefined || test === undefined) return nobody();
  const { resources, slices } = membership.contents;
  const names = Object.keys(resources);
  const extended = test.extend(
    Object.fromEntries(names.map((name) => [name, fixtureOf(name, slices[name] === 'test' ? 'test' : 'file')])),
  );
  // No spec of this file will run, and nothing is known of the config: other fixtures may ask for what they like.
  if (names.length === 0 && membership.failure !== undefined) Object.assign(extended, { extend: () => extended });
  return extended as unknown as GreenroomTest;
}

/**
 * Of the whole file, so that `test.beforeAll` has it too, unless each spec has a part of its own. Looked up when it is
 * asked for.
 */
function fixtureOf(name: string, scope: 'file' | 'test'): [Fixture, { readonly scope: 'file' | 'test' }] {
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from the source that it wants no other fixture
  const fixture: Fixture = async ({}, use) => use(endpointOf(name, fixture));
  return [fixture, { scope }];
}

type Fixture = (context: object, use: (value: unknown) => Promise<void>) => Promise<void>;

/** In the main process, or where our setup file does not run: anything that is done with it says so. */
function nobody(): GreenroomTest {
  const refuse = (): never => {
    throw mistaken(NOT_JOINED, refuse);
  };
  return new Proxy(refuse, { get: refuse }) as unknown as GreenroomTest;
}

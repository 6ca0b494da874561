import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { expect, test } from 'vitest';
import type { Config, SuiteOptions } from '../../../src/config/define.ts';
import type {
  CommonOptions,
  FlushOptions,
  HealthOptions,
  ScopeOptions,
  SliceOptions,
} from '../../../src/resources/define.ts';
import { httpGateway } from '../../../src/resources/gateway/options.ts';
import { optionSchemas } from '../../../src/resources/schemas.ts';

const page = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8');

/** The options in the table under a heading, in order. */
function optionsUnder(heading: string): string[] {
  const section = page.split(/^#{2,3} /m).find((text) => text.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, option = '']) => option);
}

const sorted = (names: readonly string[]): string[] => names.toSorted();

/** Complete by type: an option that is added must be named here, and therefore there. */
const TOP: Readonly<Record<keyof Config, true>> = {
  resources: true,
  gates: true,
  suite: true,
  env: true,
  linger: true,
  leaseTimeout: true,
  grace: true,
  workers: true,
  budgets: true,
  key: true,
  inputs: true,
  passEnv: true,
};
const COMMON: Readonly<Record<keyof CommonOptions, true>> = { needs: true, startTimeout: true, stopTimeout: true };

const SLICES: Readonly<Record<keyof SliceOptions, true>> = { slice: true, shared: true };

const SCOPE: Readonly<Record<keyof ScopeOptions<never>, true>> = { scope: true, reset: true };

const HEALTH: Readonly<Record<keyof HealthOptions<never>, true>> = { healthy: true, restart: true, heal: true };
const FLUSH: Readonly<Record<keyof FlushOptions<unknown>, true>> = { flush: true };

const SUITE: Readonly<Record<keyof SuiteOptions, true>> = {
  module: true,
  needs: true,
  startTimeout: true,
  stopTimeout: true,
};

test('docs/config.md lists the options of a config', () => {
  expect(sorted(optionsUnder('Top level'))).toEqual(sorted(Object.keys(TOP)));
});

test('docs/config.md lists the options of all resources', () => {
  expect(sorted(optionsUnder('Resources'))).toEqual(sorted(Object.keys(COMMON)));
});

test('the example of a flush is what story R16 runs', () => {
  const config = readFileSync(new URL('../../../fixtures/stories/R16/greenroom.config.ts', import.meta.url), 'utf8');
  const [, example = ''] = /^```ts\n(const audit .*?)^```$/ms.exec(page) ?? [];
  expect(example).not.toBe('');
  expect(config).toContain(example);
});

test('docs/config.md lists the options of what can be flushed', () => {
  expect(optionsUnder('Stored before the end')).toEqual(Object.keys(FLUSH));
});

test('docs/config.md lists the options of what can be cut into slices', () => {
  expect(sorted(optionsUnder('Slices'))).toEqual(sorted(Object.keys(SLICES)));
});

test('docs/config.md lists the options of what each worker can have of its own', () => {
  expect(sorted(optionsUnder('One for each worker'))).toEqual(sorted(Object.keys(SCOPE)));
});

test('docs/config.md lists the options of what is watched over', () => {
  expect(sorted(optionsUnder('Health'))).toEqual(sorted(Object.keys(HEALTH)));
});

test('docs/config.md lists the options of a gateway', () => {
  expect(sorted(optionsUnder('Behind a gateway'))).toEqual(sorted(Object.keys(httpGateway.shape)));
});

test('docs/config.md lists the options of a suite', () => {
  expect(sorted(optionsUnder('Suite'))).toEqual(sorted(Object.keys(SUITE)));
});

/** What `fromTestcontainer` makes of its argument is its only option. */
const documented = Object.entries(optionSchemas).filter(([kind]) => kind !== 'testcontainer');

test.each(documented)('docs/config.md lists the options of %s', (kind, schema) => {
  const shape = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  // A job is a command or a container of that kind, with fewer options.
  const whole = { job: 'command', containerJob: 'container' }[kind];
  const listed = optionsUnder(`\`${whole ?? kind}\``).filter((option) => option !== 'kind');
  if (whole !== undefined) expect(listed).toEqual(expect.arrayContaining(shape));
  else expect(sorted(listed)).toEqual(sorted(shape));
});

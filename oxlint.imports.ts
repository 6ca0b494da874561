/**
 * The import rules between the folders of `src`, as overrides for oxlint: the tree of the project is its
 * architecture only as long as nothing imports against it. `import/no-cycle` forbids circles besides.
 */
import type { OxlintOverride } from 'oxlint';

interface Rule {
  /** Folders or files of `src` that may be imported. */
  readonly ours: readonly string[];
  /** What may not be imported all the same. */
  readonly not?: readonly string[];
  /** Files of the own folder that may be imported; without it, all. */
  readonly own?: readonly string[];
  /** Packages that may be imported; without it, those that no rule keeps to another folder. */
  readonly packages?: readonly string[];
}

/** Files of `src/coordinator` that compute and do nothing else: no clock, no input or output, not even `node:`. */
const PURE = [
  'chaos',
  'events',
  'finish',
  'gate-keys',
  'graph',
  'healing',
  'health-waits',
  'incidents',
  'leases',
  'reducer',
  'resource-machine',
  'slices',
  'state',
  'step',
  'uses',
  'waiters',
].map(ts);

/** Files of `src/health` that compute and do nothing else. */
const PURE_HEALTH = ['breaker', 'incidents', 'policy'].map(ts);

/** Files of `src/client` that a worker loads before its first spec: they add nothing but the treaty and `node:`. */
const LIGHT = ['connection', 'generations', 'index', 'session', 'worker'].map(ts);

/** Later lines win over earlier ones, so a file's own line comes after its folder's. */
const MAY_IMPORT: Readonly<Record<string, Rule>> = {
  protocol: { ours: [], not: ['./schema.ts'], packages: [] },
  // The coordinator's side checks what comes in with zod; a worker's start path must not load it.
  'protocol/schema.ts': { ours: [], packages: ['zod'] },
  platform: { ours: ['protocol'] },
  // What two kinds of servers of ours, and who asks them, have in common.
  control: { ours: [], packages: ['node:*', 'node:*/*'] },
  // Starts as fast as Node does; specs and workers load its client. Only what comes in is checked with zod, when it comes.
  gateway: { ours: ['protocol', 'control'], not: ['../protocol/schema.ts'], packages: ['node:*', 'node:*/*'] },
  'gateway/schema.ts': { ours: ['protocol/address.ts'], packages: ['zod'] },
  // What is said to container engines, and what their answers mean.
  containers: { ours: ['protocol', 'platform'] },
  resources: { ours: ['protocol', 'platform', 'control', 'gateway', 'containers'] },
  gates: { ours: ['protocol', 'platform', 'resources'] },
  health: { ours: ['protocol', 'platform', 'resources/probes'] },
  ...each('health', PURE_HEALTH, {
    ours: ['protocol'],
    not: ['../protocol/schema.ts'],
    own: PURE_HEALTH,
    packages: [],
  }),
  config: { ours: ['protocol', 'platform', 'resources'] },
  // Files that people commit: checked as the config is.
  durations: { ours: ['protocol', 'config/problems.ts'] },
  client: { ours: ['protocol', 'platform'] },
  ...each('client', LIGHT, { ours: ['protocol'], not: ['../protocol/schema.ts'], own: LIGHT, packages: ['node:*'] }),
  coordinator: {
    ours: [
      'protocol',
      'platform',
      'resources',
      'containers',
      'gates',
      'health',
      'config/env-names.ts',
      // What both sides know of a generation: its files, and what a candidate is started with.
      'client/discover.ts',
      'client/generations.ts',
      'client/start-coordinator.ts',
    ],
  },
  ...each('coordinator', PURE, {
    ours: ['protocol', ...PURE_HEALTH.map((file) => `health/${file}`)],
    not: ['../protocol/schema.ts'],
    own: PURE,
    packages: [],
  }),
  report: {
    ours: [
      'protocol',
      'platform/project-dir.ts',
      'client/session.ts',
      'health/breaker.ts',
      ...PURE.map((file) => `coordinator/${file}`),
    ],
  },
  // A process of its own, over what a generation has left and what the system says of it.
  gather: {
    ours: [
      'protocol',
      'platform',
      'report',
      'client/generations.ts',
      ...PURE.map((file) => `coordinator/${file}`),
      'coordinator/graph-of-plan.ts',
      'coordinator/ledger.ts',
      'coordinator/read-records.ts',
      'coordinator/record-names.ts',
    ],
  },
  // Verdicts are pure functions over what happened.
  attribution: { ours: ['protocol'], packages: [] },
  // A spec's own calls; loaded by who asks for it, and by nothing of ours.
  guard: { ours: ['protocol'], not: ['../protocol/schema.ts'], packages: ['node:*', 'cockatiel'] },
  // Evaluated in the config host and in every worker.
  suite: { ours: ['protocol', 'platform/deadline.ts', 'config/register.ts'], packages: ['node:*'] },
  // What specs import, in whatever runner.
  llm: {
    ours: [
      'protocol',
      'resources/llm/control-client.ts',
      'resources/llm/scenario.ts',
      'vitest/worker/current.ts',
      'vitest/worker/origin.ts',
    ],
    not: ['../protocol/schema.ts'],
    packages: ['node:*'],
  },
  vitest: {
    ours: [
      'protocol',
      'platform',
      'config',
      'durations',
      'client',
      'report',
      'attribution',
      'suite',
      'resources/llm/control-client.ts',
      'resources/llm/report.ts',
      'gateway',
      'gather/budget.ts',
      'gather/start.ts',
      'coordinator/graph.ts',
      'coordinator/read-records.ts',
      'coordinator/slices.ts',
      'coordinator/state.ts',
    ],
    packages: ['node:*', 'vitest', 'vitest/**'],
  },
  cli: {
    ours: [
      'protocol',
      'platform',
      'resources',
      'gates',
      'health/breaker.ts',
      'config',
      'durations',
      'coordinator',
      'client',
      'report',
      'gather/budget.ts',
      'gather/start.ts',
      'gateway',
      // What a spec file asks for, read from its text.
      'vitest/docblock.ts',
    ],
  },
};

/** Packages only their own folder may import; and a library that imports itself by name would load its last build. */
const KEPT_APART = ['vitest', 'vitest/**', 'greenroom', 'greenroom/**'];

/** What costs each process that loads it a third of its start. */
const SLOW = {
  name: 'node:http',
  allowTypeImports: true,
  message: 'Take it from src/control/node-http.ts, which loads a third of it.',
};

/** One override for the files directly in a folder, one for those a folder deeper: their way up differs. */
export const importRules: OxlintOverride[] = Object.entries(MAY_IMPORT).flatMap(([where, rule]) =>
  where.endsWith('.ts')
    ? [override(`src/${where}`, '../', rule)]
    : [override(`src/${where}/*`, '../', rule), override(`src/${where}/*/*`, '../../', rule)],
);

function override(files: string, up: string, rule: Rule): OxlintOverride {
  const ours = rule.ours.map((path) => `!${up}${path}${path.endsWith('.ts') ? '' : '/**'}`);
  const own = [...(rule.own ? ['./**', ...rule.own.map((file) => `!./${file}`)] : []), ...(rule.not ?? [])];
  const packages = rule.packages ? ['**', '!./**', '!../**', ...rule.packages.map((name) => `!${name}`)] : KEPT_APART;
  const message = `See the table in oxlint.imports.ts for what ${files} may import.`;
  const patterns = [{ group: [...packages, `${up}**`, ...ours, ...own], message }];
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns, paths: [SLOW] }] } };
}

function each(folder: string, names: readonly string[], rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names.map((name) => [`${folder}/${name}`, rule]));
}

function ts(name: string): string {
  return `${name}.ts`;
}

import { failureLines } from '../report/failure.ts';
import { clock, columns } from '../report/format.ts';
import { resourceRow } from '../report/rows.ts';
import type { Scene } from './collector.ts';

/** What became of one collector. */
export interface Outcome {
  readonly name: string;
  /** Why it has nothing, or not all. */
  readonly why?: string;
}

/** What a file is, by its name or its directory. */
const MEANINGS: Readonly<Record<string, string>> = {
  'config.json': 'the config in effect, with defaults',
  'events.ndjson': 'all that happened, in order',
  logs: 'what services, the config host and the coordinator have logged',
  'members.txt': 'who has a lease, and what it waits for',
  'probes.txt': 'the last answers of probes and gates',
  'processes.txt': 'processes of the generation and of its members',
  records: 'what gateways have seen; processes of a start that was late, before they were ended',
  'sockets.txt': 'where these listen, and to whom they are connected',
  'state.json': 'resources, gates, waiters and slices',
  'status.txt': 'the same as `greenroom status` prints it',
  'times.txt': 'where the time went, and the critical path of the start',
  'versions.txt': 'versions of all that takes part, and room on the machine',
};

/** The first file to open. @param files paths in the bundle */
export function indexText(scene: Scene, outcomes: readonly Outcome[], files: readonly string[], now: number): string {
  const { request, generation } = scene;
  const lost = outcomes.filter(({ why }) => why !== undefined);
  return [
    `# Gathered at ${clock(now)}: ${request.reason}`,
    '',
    ...(request.failure === undefined ? [] : [...fenced(failureLines(request.failure)), '']),
    generation === undefined
      ? `Generation of ${request.logDir}; its file is gone.`
      : `Generation ${generation.generation} of ${generation.key}, coordinator pid ${generation.pid}, ${generation.configFile}.`,
    '',
    ...resources(scene, now),
    '## Files',
    '',
    ...files.toSorted().map((file) => `- \`${file}\`: ${meaningOf(file)}`),
    '',
    '## Missing',
    '',
    ...(lost.length === 0 ? ['Nothing.'] : lost.map(({ name, why }) => `- ${name}: ${why}`)),
    '',
  ].join('\n');
}

function resources({ progress, request }: Scene, now: number): readonly string[] {
  if (progress === undefined) return [];
  const names = Object.keys(progress.state.resources).filter((name) => request.resources?.includes(name) ?? true);
  const table = names.map((name) => {
    const { word, detail } = resourceRow(progress, name, now);
    return [name, word, detail];
  });
  return ['## Resources', '', ...fenced(columns([['RESOURCE', 'STATE', 'DETAIL'], ...table])), ''];
}

function fenced(lines: readonly string[]): readonly string[] {
  return ['```', ...lines, '```'];
}

function meaningOf(file: string): string {
  return MEANINGS[file] ?? MEANINGS[file.split('/')[0] ?? ''] ?? '';
}

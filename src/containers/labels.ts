/** What says whose a container, a network or a volume is, wherever it is found. Pure. */

/** Of a generation: what one is started for and by. */
export interface Owner {
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
}

/** The one that tells generations apart: it is never given twice. */
const NONCE = 'greenroom.nonce';

/** Every name that is made in an engine carries key, number and nonce, so that none is ever taken. */
export const ownName = ({ key, generation, nonce }: Owner, ...rest: readonly string[]): string =>
  ['greenroom', key, generation, nonce, ...rest].join('-');

/** Of something that is made for a resource, or for all of a generation. */
export function labelsOf({ key, generation, nonce }: Owner, resource?: string): Readonly<Record<string, string>> {
  return {
    'greenroom.key': key,
    'greenroom.generation': String(generation),
    [NONCE]: nonce,
    'greenroom.owner': String(process.pid),
    ...(resource === undefined ? {} : { 'greenroom.resource': resource }),
  };
}

/** The same as words of a command. */
export function labelWords(owner: Owner, resource?: string): readonly string[] {
  return Object.entries(labelsOf(owner, resource)).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

/** Words of a command that lists what is a generation's. */
export const filterWords = ({ nonce }: Pick<Owner, 'nonce'>): readonly string[] => [
  '--filter',
  `label=${NONCE}=${nonce}`,
];

/**
 * What a resource is called on the network: its own name as far as that can be one of a host, which knows no capitals and
 * no underscores. `mockLlm` is `mock-llm`.
 */
export function hostName(resource: string): string {
  return resource
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');
}

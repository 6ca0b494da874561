/** What says whose a container, a network or a volume is, wherever it is found. Pure. */
import { nameOf, type GenerationIdentity } from '../protocol/generation-file.ts';

/** The one that tells generations apart: it is never given twice. */
const NONCE = 'greenroom.nonce';

/** What the container of a resource is called: a slot in the resource's name is no reason for a dot. */
export const containerName = (owner: GenerationIdentity, resource: string): string =>
  `${nameOf(owner)}-${resource.replaceAll('.', '-')}`;

/** Of something that is made for a resource, or for all of a generation. */
export function labelsOf(
  { key, generation, nonce }: GenerationIdentity,
  resource?: string,
): Readonly<Record<string, string>> {
  return {
    'greenroom.key': key,
    'greenroom.generation': String(generation),
    [NONCE]: nonce,
    'greenroom.owner': String(process.pid),
    ...(resource === undefined ? {} : { 'greenroom.resource': resource }),
  };
}

/** The same as words of a command. */
export function labelWords(owner: GenerationIdentity, resource?: string): readonly string[] {
  return Object.entries(labelsOf(owner, resource)).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

/** Words of a command that lists what is a generation's. */
export const filterWords = ({ nonce }: Pick<GenerationIdentity, 'nonce'>): readonly string[] => [
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

/** All that a resource is found by on the network: also its own name where engines know it, as compose files use it. */
export function hostNames(resource: string): readonly string[] {
  const host = hostName(resource);
  return host !== resource && /^[a-z0-9_-]+$/.test(resource) ? [host, resource] : [host];
}

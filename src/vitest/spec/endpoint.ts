import type { RegisteredEndpoints, ResourceName } from '../../config/register.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { FileMembership } from '../worker/membership.ts';
import { current } from '../worker/current.ts';
import { blocked, mistaken } from '../worker/say.ts';

type Asked = (...args: never[]) => unknown;

/**
 * The endpoint of a resource that this spec file needs, typed by the registered config.
 *
 * @throws UNKNOWN_RESOURCE, NOT_JOINED, or why the infrastructure is not there
 */
export function endpoint<N extends ResourceName>(name: N): RegisteredEndpoints[N] {
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- necessary once a config is registered
  return endpointOf(name, endpoint) as RegisteredEndpoints[N];
}

/** The same for a name that no type has checked. `asked` is what the spec has called. */
export function endpointOf(name: string, asked: Asked): Endpoint {
  const { membership } = current;
  if (membership === undefined) throw mistaken(NOT_JOINED, asked);
  const found = membership.mayUse(name) ? membership.endpoints[name] : undefined;
  if (found === undefined) throw whyNot(membership, name, asked);
  return found;
}

export const NOT_JOINED: Failure = {
  code: 'NOT_JOINED',
  message: "infrastructure is known in Vitest workers only, where Greenroom's setup file has run",
  hint: "add `plugins: [greenroom()]` to vitest.config.ts, or 'greenroom/vitest/setup' as the first of `setupFiles`",
};

function whyNot({ failure, contents }: FileMembership, name: string, asked: Asked): Error {
  if (failure !== undefined) return blocked(failure);
  const all = Object.keys(contents.resources);
  const subject = { code: 'UNKNOWN_RESOURCE', subject: name } as const;
  if (contents.slices[name] === 'test') {
    const message = `each spec has a ${name} of its own, so there is none outside of a spec`;
    return mistaken({ ...subject, message, hint: 'ask for it in the spec, or in its beforeEach and afterEach' });
  }
  return mistaken(
    all.length === 0 || all.includes(name)
      ? { ...subject, message: `this file does not need ${name}`, hint: `add ${name} to \`@needs\` in its docblock` }
      : { ...subject, message: `there is no resource ${name}`, hint: `the config has ${all.join(', ')}` },
    asked,
  );
}

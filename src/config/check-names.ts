import type { Needs, Resource } from '../resources/define.ts';
import type { Gates, Resources } from './define.ts';
import { envName } from './env-names.ts';
import { nameOfBoth, reservedName, sameEnvName, twoNamesForOne, unusableName } from './errors.ts';
import { NAME_PATTERN, reservedBecause } from './names.ts';

/** Names must be usable, and each must stand for one thing. */
export function checkNames(resources: Resources, gates: Gates): void {
  for (const [name, { needs }] of Object.entries(resources)) {
    checkUsable('resources', name);
    const reason = reservedBecause(name);
    if (reason !== undefined) throw reservedName(name, reason);
    checkAliases(`resources.${name}`, needs);
  }
  for (const [name, { needs }] of Object.entries(gates)) {
    checkUsable('gates', name);
    if (Object.hasOwn(resources, name)) throw nameOfBoth(name);
    checkAliases(`gates.${name}`, needs);
  }
  checkDistinct(Object.entries(resources));
}

function checkAliases(what: string, needs: Needs): void {
  for (const alias of Object.keys(needs)) checkUsable(`${what}.needs`, alias);
}

function checkUsable(where: string, name: string): void {
  if (!NAME_PATTERN.test(name)) throw unusableName(where, name);
}

function checkDistinct(resources: readonly (readonly [string, Resource])[]): void {
  const nameOf = new Map<Resource, string>();
  const nameByEnv = new Map<string, string>();
  for (const [name, resource] of resources) {
    const sameValue = nameOf.get(resource);
    if (sameValue !== undefined) throw twoNamesForOne(sameValue, name);
    nameOf.set(resource, name);
    const sameEnv = nameByEnv.get(envName(name));
    if (sameEnv !== undefined) throw sameEnvName(sameEnv, name, envName(name));
    nameByEnv.set(envName(name), name);
  }
}
